package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                "/users /users",
                "/users/%C3%A9?a=%20 /users/%C3%A9?a=%20",
                "/users/%zz /users/%25zz",
                "/users/% /users/%25",
                "/users/%4 /users/%254",
                "/posts?title=in.(\"a,b\",c) /posts?title=in.(%22a,b%22,c)",
                "/posts?a=[1]|{2}^`<>\\ /posts?a=%5B1%5D%7C%7B2%7D%5E%60%3C%3E%5C",
                "/users/1;x=1?a=;b /users/1%3Bx=1?a=;b",
                "/users#top /users%23top",
                "http://host/users http://host/users",
                "* *"
            })
    void encodesWhatAUriMayNotHave(String target, String encoded) {
        assertThat(RequestTarget.encode(target)).isEqualTo(encoded);
    }

    @Test
    void keepsTheBytesOfUnencodedUtf8() {
        // Netty hands the bytes on as ISO 8859-1.
        assertThat(RequestTarget.encode("/\u00c3\u00a9")).isEqualTo("/%C3%A9");
    }

    @Test
    void isAUriWhateverCame() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder target = new StringBuilder("/");
            random.ints(random.nextInt(12), 0, 256).forEach(c -> target.append((char) c));
            String encoded = RequestTarget.encode(target.toString());
            assertThat(URI.create("http://host" + encoded)).isNotNull();
            assertThat(RequestTarget.encode(encoded)).isEqualTo(encoded);
        }
    }
}
