package dev.postfeed.security;

import java.util.List;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Whether it is said how tokens are verified. */
final class TokensConfigured implements Condition {

    static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

    private static final List<String> SOURCES = List.of("issuer-uri", "jwk-set-uri", "public-key-location");

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return areIn(context.getEnvironment());
    }

    static boolean areIn(Environment environment) {
        return SOURCES.stream().anyMatch(source -> StringUtils.hasText(environment.getProperty(JWT + source)));
    }
}
