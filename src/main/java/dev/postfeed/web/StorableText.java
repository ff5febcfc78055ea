package dev.postfeed.web;

import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Text that PostgreSQL can store. U+0000 it refuses; half of a surrogate pair has no UTF-8, and the driver would put a
 * question mark in its place without a word.
 */
@Constraint(validatedBy = StorableText.Validator.class)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RUNTIME)
public @interface StorableText {

    String message() default "must not have U+0000 or half of a surrogate pair";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** A loop: a regular expression costs as much as the parsing of the text. */
    final class Validator implements ConstraintValidator<StorableText, String> {

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            if (text == null) {
                return true;
            }
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == 0) {
                    return false;
                }
                if (Character.isSurrogate(c)) {
                    i++;
                    if (i == text.length() || !Character.isSurrogatePair(c, text.charAt(i))) {
                        return false;
                    }
                }
            }
            return true;
        }
    }
}
