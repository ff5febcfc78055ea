package dev.postfeed.faults;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** A test, or all tests of a class, that show what is right when this goes wrong. {@code ./mvnw verify -Pfaults} runs them. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("faults")
public @interface Covers {

    Fault[] value();
}
