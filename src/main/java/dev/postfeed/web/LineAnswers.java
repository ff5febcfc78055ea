package dev.postfeed.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.json.JsonMapper;

/** The answers to lines, each a line of JSON: {@code {"line":1,"status":201,"id":17}}. */
final class LineAnswers {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int[] counts = new int[LineOutcome.values().length];

    void stored(long line, boolean created, long id) {
        add(created ? LineOutcome.CREATED : LineOutcome.PRESENT);
        String answer = "{\"line\":" + line + ",\"status\":" + (created ? 201 : 200) + ",\"id\":" + id + "}\n";
        bytes.writeBytes(answer.getBytes(StandardCharsets.US_ASCII));
    }

    void refused(long line, Problem problem) {
        refused(line, ProblemBody.of(problem.type(), problem.getMessage(), null, problem.errors(), null));
    }

    void refused(long line, ProblemBody problem) {
        add(problem.status() < 500 ? LineOutcome.REFUSED : LineOutcome.FAILED);
        bytes.writeBytes(JSON.writeValueAsBytes(new Refused(line, problem.status(), problem.withoutInstance())));
        bytes.write('\n');
    }

    /** An answer from before, with the end of its line. */
    void again(byte[] answers, int from, int to) {
        add(LineOutcome.REPEATED);
        bytes.write(answers, from, to - from);
    }

    private void add(LineOutcome outcome) {
        counts[outcome.ordinal()]++;
    }

    int count(LineOutcome outcome) {
        return counts[outcome.ordinal()];
    }

    /** The first so many answers. */
    byte[] first(int count) {
        byte[] all = bytes.toByteArray();
        int end = 0;
        for (int lines = 0; lines < count; end++) {
            if (all[end] == '\n') {
                lines++;
            }
        }
        return Arrays.copyOf(all, end);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private record Refused(long line, int status, ProblemBody problem) {}
}
