package dev.postfeed.database;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Users over HTTP: enough to see that a service works on the database that it should. */
final class Users {

    private record Email(String email) {}

    private Users() {}

    static void write(WebTestClient client, String email) {
        client.post()
                .uri("/users")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"name\":\"Ada\",\"email\":\"" + email + "\"}")
                .exchange()
                .expectStatus()
                .isCreated();
    }

    static List<String> emails(WebTestClient client) {
        List<Email> users = client.get()
                .uri("/users")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBodyList(Email.class)
                .returnResult()
                .getResponseBody();
        return users == null ? List.of() : users.stream().map(Email::email).toList();
    }
}
