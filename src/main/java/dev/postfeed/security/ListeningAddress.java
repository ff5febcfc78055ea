package dev.postfeed.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/**
 * Where the service listens: on loopback unless somebody says otherwise, and nowhere else as long as everybody may do
 * everything. A blank {@code SERVER_ADDRESS}, as a copied {@code .env} has it, is not set, like every blank setting; Boot
 * takes it for all interfaces. Boot's own customizer has run before this.
 */
@Component
class ListeningAddress implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    static final String SERVER_ADDRESS = "server.address";

    private static final String REFUSED = "is not loopback, so that others could read and change everything."
            + " Say how tokens are verified, by SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI (or _JWK_SET_URI, or"
            + " _PUBLIC_KEY_LOCATION) and _AUDIENCES; or, where something in front keeps others away,"
            + " POSTFEED_SECURITY_OPEN=true";

    private final Environment environment;
    private final SecurityProperties settings;

    ListeningAddress(Environment environment, SecurityProperties settings) {
        this.environment = environment;
        this.settings = settings;
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (!StringUtils.hasText(environment.getProperty(SERVER_ADDRESS))) {
            factory.setAddress(InetAddress.getLoopbackAddress());
        }
        check(SERVER_ADDRESS, factory.getAddress());
    }

    /** @param address null for all interfaces */
    void check(String setting, @Nullable InetAddress address) {
        boolean reachable = address == null || !address.isLoopbackAddress();
        if (reachable && !settings.open() && !TokensConfigured.areIn(environment)) {
            throw new InvalidConfigurationPropertyValueException(
                    setting, address == null ? "" : address.getHostAddress(), REFUSED);
        }
    }
}
