package dev.postfeed.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * A token has to say when it ends, and ends then: one without would be good for whoever finds it for ever, and Spring's
 * minute of grace, which is left to clocks that are behind, would let a stream come again that has just been ended.
 */
final class ExpiryValidator implements OAuth2TokenValidator<Jwt> {

    @Override
    public OAuth2TokenValidatorResult validate(Jwt token) {
        @Nullable Instant expiry = token.getExpiresAt();
        if (expiry == null) {
            return failure("The exp claim is missing");
        }
        return expiry.isAfter(Instant.now())
                ? OAuth2TokenValidatorResult.success()
                : failure("Jwt expired at " + expiry);
    }

    private static OAuth2TokenValidatorResult failure(String description) {
        return OAuth2TokenValidatorResult.failure(new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, description, null));
    }
}
