package dev.postfeed.security;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Pages of other origins, where there are any that may use the service. */
@Configuration(proxyBeanMethods = false)
class CrossOrigin {

    /** Before anybody is asked for a token: a browser asks first without one. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 10)
    @ConditionalOnProperty(SecurityProperties.ALLOWED_ORIGINS)
    CorsWebFilter allowedOrigins(SecurityProperties settings) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(settings.allowedOrigins());
        allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
        allowed.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        allowed.setExposedHeaders(List.of(
                "Accept",
                "Allow",
                "Content-Range",
                "ETag",
                "Link",
                "Location",
                "Postfeed-Position",
                "Preference-Applied",
                "RateLimit",
                "RateLimit-Policy",
                "Retry-After",
                "WWW-Authenticate"));
        allowed.setMaxAge(Duration.ofHours(1));
        UrlBasedCorsConfigurationSource rows = new UrlBasedCorsConfigurationSource();
        if (!settings.allowedOrigins().isEmpty()) {
            rows.registerCorsConfiguration("/users/**", allowed);
            rows.registerCorsConfiguration("/posts/**", allowed);
        }
        return new CorsWebFilter(rows, new Processor());
    }

    private static final class Processor extends DefaultCorsProcessor {

        /** Once more, at the end: a list says itself what its answer varies by, and would replace it. */
        @Override
        public boolean process(@Nullable CorsConfiguration allowed, ServerWebExchange exchange) {
            if (allowed != null) {
                HttpHeaders headers = exchange.getResponse().getHeaders();
                exchange.getResponse()
                        .beforeCommit(() -> Mono.fromRunnable(() -> {
                            if (!headers.getOrEmpty(HttpHeaders.VARY).contains(HttpHeaders.ORIGIN)) {
                                headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
                            }
                        }));
            }
            // Behind a proxy that ends TLS, its own pages have another scheme, which makes them another origin to
            // Spring.
            ServerHttpRequest request = exchange.getRequest();
            return Origins.isOwn(request.getHeaders().getOrigin(), request) || super.process(allowed, exchange);
        }

        @Override
        protected void rejectRequest(ServerHttpResponse response) {
            throw Refusals.forbidden("pages of this origin may not use the service");
        }
    }
}
