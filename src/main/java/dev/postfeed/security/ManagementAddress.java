package dev.postfeed.security;

import java.net.InetAddress;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** A port of its own for operators, which wants no token, is loopback's unless somebody says otherwise; Boot's on all interfaces. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementAddress {

    static final String ADDRESS = "management.server.address";

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementListening(
            ApplicationContext context, Environment environment, ListeningAddress guard) {
        return factory -> {
            if (!WebServerApplicationContext.hasServerNamespace(context, "management")) {
                return; // Found by the scan for components as well.
            }
            if (!StringUtils.hasText(environment.getProperty(ADDRESS))) {
                factory.setAddress(InetAddress.getLoopbackAddress());
            }
            guard.check(ADDRESS, factory.getAddress());
        };
    }
}
