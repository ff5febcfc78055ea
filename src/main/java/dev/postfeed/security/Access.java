package dev.postfeed.security;

import static dev.postfeed.security.Scopes.POSTS_READ;
import static dev.postfeed.security.Scopes.POSTS_WRITE;
import static dev.postfeed.security.Scopes.USERS_READ;
import static dev.postfeed.security.Scopes.USERS_WRITE;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.OPTIONS;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.netty.channel.ChannelOption;
import java.time.Duration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.AndServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Who may do what, where it is said how tokens are verified; without that nothing of this is there. */
@Configuration(proxyBeanMethods = false)
@Conditional(TokensConfigured.class)
@EnableWebFluxSecurity
class Access {

    /** To connect to the identity provider, and then for it to say something. */
    private static final Duration LONGEST = Duration.ofSeconds(3);

    /** For a token to be verified: a provider's metadata are asked for before its keys. */
    private static final Duration LONGEST_IN_ALL = Duration.ofSeconds(10);

    /** For everybody, whatever they send along. */
    private static ServerWebExchangeMatcher open() {
        return ServerWebExchangeMatchers.matchers(
                ServerWebExchangeMatchers.pathMatchers(OPTIONS, "/**"),
                ServerWebExchangeMatchers.pathMatchers("/", "/page/{file}", "/favicon.ico", "/robots.txt"),
                ServerWebExchangeMatchers.pathMatchers("/openapi.yaml", "/docs", "/docs/{file}", "/problems/{name}"),
                ServerWebExchangeMatchers.pathMatchers("/actuator/health/**"),
                ServerWebExchangeMatchers.pathMatchers(DELETE, "/session"),
                new AndServerWebExchangeMatcher(
                        new OnManagementPort(), ServerWebExchangeMatchers.pathMatchers("/actuator/**")));
    }

    /** Of everything else, a path and the scopes that it wants a line; the first line that fits counts. */
    private static void table(AuthorizeExchangeSpec paths, boolean publicPosts) {
        paths.matchers(reading("/users", "/users/{id}"))
                .access(new Scopes(publicPosts, USERS_READ))
                .matchers(reading("/users/{id}/posts"))
                .access(new Scopes(publicPosts, USERS_READ, POSTS_READ))
                .matchers(reading("/posts", "/posts/feed", "/posts/{id}"))
                .access(new Scopes(publicPosts, POSTS_READ))
                .matchers(changing("/users", "/users/{id}"))
                .access(new Scopes(publicPosts, USERS_WRITE))
                .matchers(changing("/posts", "/posts/{id}"))
                .access(new Scopes(publicPosts, POSTS_WRITE))
                .pathMatchers("/actuator", "/actuator/prometheus")
                .authenticated()
                .pathMatchers("/actuator/**")
                .denyAll()
                // What there is not, methods that there are not, a session: any token.
                .anyExchange()
                .authenticated();
    }

    private static ServerWebExchangeMatcher reading(String... paths) {
        return with(paths, GET, HEAD);
    }

    private static ServerWebExchangeMatcher changing(String... paths) {
        return with(paths, POST, PUT, PATCH, DELETE);
    }

    private static ServerWebExchangeMatcher with(String[] paths, HttpMethod... methods) {
        ServerWebExchangeMatcher[] each = new ServerWebExchangeMatcher[methods.length];
        for (int i = 0; i < methods.length; i++) {
            each[i] = ServerWebExchangeMatchers.pathMatchers(methods[i], paths);
        }
        return ServerWebExchangeMatchers.matchers(each);
    }

    @Bean
    SecurityWebFilterChain accessFilters(
            ServerHttpSecurity http,
            SecurityProperties settings,
            OAuth2ResourceServerProperties tokensOf,
            ReactiveJwtDecoder decoder) {
        if (tokensOf.getJwt().getAudiences().isEmpty()) {
            // Every service that trusts the same provider could use the tokens that it is given here.
            throw new InvalidConfigurationPropertyValueException(
                    TokensConfigured.JWT + "audiences",
                    "",
                    "must be the name, or names, that the aud claim of tokens for this service has");
        }
        Refusals refusals = new Refusals();
        ClientTokens tokens = new ClientTokens();
        return http.securityMatcher(new NegatedServerWebExchangeMatcher(open()))
                .authorizeExchange(paths -> table(paths, settings.publicPosts()))
                .oauth2ResourceServer(server -> server.bearerTokenConverter(tokens)
                        .authenticationFailureHandler(tokens)
                        .authenticationEntryPoint(refusals)
                        .accessDeniedHandler(refusals)
                        .jwt(jwt -> jwt.jwtDecoder(token -> verified(decoder, token))))
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .addFilterAfter(new KnownClients(), SecurityWebFiltersOrder.AUTHORIZATION)
                // Forged requests: ClientTokens looks at the origin of those that come with a cookie.
                .csrf(ServerHttpSecurity.CsrfSpec::disable)
                .headers(ServerHttpSecurity.HeaderSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .build();
    }

    /** Keys that cannot be had are no fault of the token, and none of ours. */
    private static Mono<Jwt> verified(ReactiveJwtDecoder decoder, String token) {
        return decoder.decode(token)
                .timeout(LONGEST_IN_ALL)
                .onErrorMap(
                        failure -> !(failure instanceof JwtException), failure -> new JwtException("no keys", failure));
    }

    @Bean
    JwkSetUriReactiveJwtDecoderBuilderCustomizer keysInTime() {
        HttpClient client = HttpClient.create()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LONGEST.toMillis())
                .responseTimeout(LONGEST);
        return decoder -> decoder.webClient(WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(client))
                .filter(new KeyRequests())
                .build());
    }

    /** Also as RFC 9068 has it for access tokens, which some providers follow. */
    @Bean
    OAuth2TokenValidator<Jwt> types() {
        JwtTypeValidator types = new JwtTypeValidator("JWT", "at+jwt");
        types.setAllowEmpty(true);
        return types;
    }

    @Bean
    OAuth2TokenValidator<Jwt> tokensExpire() {
        return new ExpiryValidator();
    }

    /** Paths are compared as the routes compare them, and what fits no line wants a token: more would only make 400 of 404. */
    @Bean
    ServerWebExchangeFirewall paths() {
        return ServerWebExchangeFirewall.INSECURE_NOOP;
    }
}
