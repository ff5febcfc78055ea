package dev.postfeed.user;

import dev.postfeed.PostfeedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
class UserIntegrationTests {

    @Autowired
    WebTestClient client;

    @Test
    void storesAUserAndReadsItBack() {
        client.post()
                .uri("/users")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"name\":\"Hemendra\",\"email\":\"stores@example.com\"}")
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.email")
                .isEqualTo("stores@example.com");
    }
}
