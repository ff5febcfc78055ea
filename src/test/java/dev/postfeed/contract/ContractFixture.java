package dev.postfeed.contract;

import static dev.postfeed.Api.json;

import dev.postfeed.Api;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The operations of {@code openapi.yaml}, and two rows of each kind, so that a page of one has a next one. */
abstract class ContractFixture {

    static final Description DESCRIPTION = Contract.read().description();

    @LocalServerPort
    int port;

    Api api;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
        api.post("/posts", json("title", "one")).expect(201);
        api.post("/posts", json("title", "two")).expect(201);
        api.post("/users", Api.newUser()).expect(201);
        api.post("/users", Api.newUser()).expect(201);
    }

    static Stream<String> operations() {
        return DESCRIPTION.operations().stream();
    }
}
