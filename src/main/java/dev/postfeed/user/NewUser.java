package dev.postfeed.user;

import dev.postfeed.web.StorableText;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * What a client writes of a user.
 *
 * @param name not blank, at most 200 characters
 * @param email an address of at most 254 characters (RFC 5321), unique
 */
record NewUser(
        @NotBlank(message = "must not be blank")
        @Size(max = 200, message = "must have at most 200 characters")
        @StorableText
        String name,

        @NotBlank(message = "must not be blank")
        @Size(max = 254, message = "must have at most 254 characters")
        @Email(message = "must be an email address")
        @StorableText
        String email) {}
