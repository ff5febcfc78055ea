package dev.postfeed.web;

import java.net.InetAddress;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * A blank {@code SERVER_ADDRESS}, as a copied {@code .env} has it, is not set, like every blank setting. Boot takes it
 * for all interfaces, and there is nothing between those and the rows. Boot's own customizer has run before this.
 */
@Component
class LoopbackByDefault implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private final Environment environment;

    LoopbackByDefault(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (!StringUtils.hasText(environment.getProperty("server.address"))) {
            factory.setAddress(InetAddress.getLoopbackAddress());
        }
    }
}
