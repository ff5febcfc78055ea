package dev.postfeed.user;

import dev.postfeed.web.StorableText;
import dev.postfeed.web.VisibleText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraints.CodePointLength;

/**
 * What a client writes of a user.
 *
 * @param name not blank, at most 200 characters
 * @param email an address of at most 254 characters (RFC 5321), unique
 */
record NewUser(
        @VisibleText @CodePointLength(max = 200, message = "must have at most 200 characters") @StorableText
        String name,

        @VisibleText
        @CodePointLength(max = 254, message = "must have at most 254 characters")
        @Email(message = "must be an email address")
        @Pattern(regexp = "[^\\s\\p{Z}\\p{C}]*", message = "must not have spaces or invisible characters")
        @StorableText
        String email) {}
