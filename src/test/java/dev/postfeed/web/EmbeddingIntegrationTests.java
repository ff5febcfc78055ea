package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** Rows within rows, as clients get them. */
@PostfeedTest
class EmbeddingIntegrationTests {

    Api api;
    Answer user;
    long userId;

    @BeforeEach
    void addUser(@Autowired WebTestClient client) {
        api = new Api(client);
        user = api.post("/users", Api.newUser()).expect(201);
        userId = user.id();
    }

    private String newPost() {
        return json("title", "a", "content", "b", "user_id", userId);
    }

    @ParameterizedTest
    @ValueSource(strings = {"author", "users"})
    void thePostHasItsUser(String name) {
        long post = api.post("/posts", newPost()).expect(201).id();
        JsonNode list = api.get("/posts?id=eq." + post + "&select=id," + name + "(*)")
                .expect(200)
                .json();
        assertThat(list.at("/0/id").asLong()).isEqualTo(post);
        assertThat(list.at("/0/" + name)).isEqualTo(user.json());
    }

    @Test
    void theUserHasTheirPosts() {
        JsonNode post = api.post("/posts", newPost()).expect(201).json();
        JsonNode list = api.get("/users?id=eq." + userId + "&select=name,posts(*)")
                .expect(200)
                .json();
        assertThat(list.at("/0/posts")).hasSize(1).first().isEqualTo(post);
        assertThat(list.at("/0").propertyNames()).containsExactly("name", "posts");
    }

    @Test
    void theRestOfManyPostsIsWhereTheUserSays() {
        api.post("/posts", Collections.nCopies(101, newPost()).toString()).expect(201);
        JsonNode list = api.get("/users?id=eq." + userId + "&select=posts(id)")
                .expect(200)
                .json();
        assertThat(list.at("/0/posts")).hasSize(100);
        JsonNode rest = api.get(list.at("/0/posts_next").asString()).expect(200).json();
        assertThat(rest).hasSize(1);
        assertThat(rest.at("/0/id").asLong())
                .isGreaterThan(list.at("/0/posts/99/id").asLong());
    }
}
