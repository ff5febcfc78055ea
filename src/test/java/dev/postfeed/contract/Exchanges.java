package dev.postfeed.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.springframework.http.HttpHeaders;

/** Exchanges that never were. Requests are written as {@code GET /path}, headers as {@code Name: value}. */
final class Exchanges {

    private Exchanges() {}

    /** The answer to a request without headers and body. */
    static Exchange answer(String request, int status, String body, String... headers) {
        return of(request, status, message(true, body, headers));
    }

    /** The same of one that broke off. */
    static Exchange cut(String request, int status, String body, String... headers) {
        return of(request, status, message(false, body, headers));
    }

    private static Exchange of(String request, int status, Message answer) {
        String[] methodAndTarget = request.split(" ");
        return new Exchange(methodAndTarget[0], methodAndTarget[1], message(true, ""), true, status, answer);
    }

    /** The same answer to a request with these. */
    static Exchange asked(Exchange exchange, String body, String... headers) {
        return new Exchange(
                exchange.method(),
                exchange.target(),
                message(true, body, headers),
                true,
                exchange.status(),
                exchange.answer());
    }

    private static Message message(boolean whole, String body, String... headers) {
        HttpHeaders all = new HttpHeaders();
        for (String header : headers) {
            String[] nameAndValue = header.split(": ", 2);
            all.add(nameAndValue[0], nameAndValue[1]);
        }
        return new Message(all, body.getBytes(UTF_8), whole);
    }
}
