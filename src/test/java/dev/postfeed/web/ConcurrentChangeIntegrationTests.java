package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
class ConcurrentChangeIntegrationTests {

    Api api;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
    }

    @RepeatedTest(20)
    @Covers(Fault.ROW_RACE)
    void ofTwoClientsThatReplaceTheSameRowOneIsRefused() throws Exception {
        Answer row = api.post("/users", newUser()).expect(201);
        String path = row.header("Location");
        List<Answer> answers = AtOnce.call(
                2, client -> api.put(path, json("name", "n" + client, "email", newEmail()), "If-Match: " + row.etag()));
        expectOneOfTwo(path, answers);
    }

    @RepeatedTest(20)
    @Covers(Fault.ROW_RACE)
    void ofTwoClientsThatPatchTheSameRowOneIsRefused() throws Exception {
        Answer row = api.post("/posts", json("title", "a")).expect(201);
        String path = row.header("Location");
        // Different fields: without the condition both would be kept.
        List<Answer> answers = AtOnce.call(
                2, client -> api.patch(path, json(client == 0 ? "title" : "content", "b"), "If-Match: " + row.etag()));
        expectOneOfTwo(path, answers);
    }

    private void expectOneOfTwo(String path, List<Answer> answers) {
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 412);
        Answer winner = answers.get(answers.get(0).status() == 200 ? 0 : 1);
        answers.get(answers.get(0).status() == 200 ? 1 : 0).expectProblem(412, "precondition-failed");
        Answer read = api.get(path).expect(200);
        assertThat(read.body()).isEqualTo(winner.body());
        assertThat(read.etag()).isEqualTo(winner.etag());
    }

    @RepeatedTest(30)
    void patchesOfDifferentFieldsAreAllKept() throws Exception {
        long user = api.post("/users", newUser()).expect(201).id();
        String path = api.post("/posts", json("title", "a")).expect(201).header("Location");
        List<String> patches = List.of(json("title", "b"), json("content", "c"), json("user_id", user));
        AtOnce.call(3, client -> api.patch(path, patches.get(client)).expect(200));
        Answer read = api.get(path).expect(200);
        assertThat(read.text("/title")).isEqualTo("b");
        assertThat(read.text("/content")).isEqualTo("c");
        assertThat(read.text("/user_id")).isEqualTo("" + user);
    }

    @RepeatedTest(10)
    void ofTwoClientsThatDeleteARowOneFindsItGone() throws Exception {
        String path = api.post("/users", newUser()).expect(201).header("Location");
        List<Answer> answers = AtOnce.call(2, client -> api.delete(path));
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(204, 404);
    }

    @RepeatedTest(10)
    void aRowIsChangedOrDeletedNeverBoth() throws Exception {
        Answer row = api.post("/users", newUser()).expect(201);
        String path = row.header("Location");
        List<Answer> answers = AtOnce.call(
                2,
                client -> client == 0
                        ? api.delete(path, "If-Match: " + row.etag())
                        : api.patch(path, json("name", "Grace"), "If-Match: " + row.etag()));
        if (answers.get(0).status() == 204) {
            answers.get(1).expectProblem(404, "not-found");
            api.get(path).expect(404);
        } else {
            answers.get(0).expectProblem(412, "precondition-failed");
            assertThat(api.get(path).body())
                    .isEqualTo(answers.get(1).expect(200).body());
        }
    }

    @RepeatedTest(10)
    void ofTwoUsersWhoTakeOneEmailOneGetsIt() throws Exception {
        String email = newEmail();
        List<String> paths = List.of(
                api.post("/users", newUser()).expect(201).header("Location"),
                api.post("/users", newUser()).expect(201).header("Location"));
        List<Answer> answers = AtOnce.call(2, client -> api.patch(paths.get(client), json("email", email)));
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
    }
}
