package dev.postfeed.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code openapi.yaml} says of an answer: its route, status, headers, media type and body have to be named there.
 * Requests that are for no operation have their answers in {@code x-outside-operations}.
 */
final class Contract {

    /** Of the connection and the message, whatever it tells. */
    private static final Set<String> OF_THE_MESSAGE =
            Set.of("content-type", "content-length", "transfer-encoding", "connection", "date");

    /** Of CORS, which browsers are told by whatever answers, and the values of Vary that come with it. */
    private static final String CORS = "access-control-";

    private static final Set<String> CORS_VARY =
            Set.of("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");

    private static final int HEADERS_TOO_LARGE = 431;

    private final Description description;
    private final Schemas schemas;
    private final Coverage coverage;

    Contract(Description description) {
        this.description = description;
        this.schemas = new Schemas(description);
        this.coverage = new Coverage(description, schemas);
    }

    /** The one that the service serves. */
    static Contract read() {
        try (InputStream in = Contract.class.getResourceAsStream("/static/openapi.yaml")) {
            return new Contract(Description.of(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Description description() {
        return description;
    }

    /** Everything that there is to be met. */
    Map<Coverage.Kind, Set<String>> named() {
        return coverage.named();
    }

    /**
     * @param met what {@link #named} has and this meets; nothing where there are violations
     * @param violations what is wrong with it
     */
    record Verdict(Set<String> met, List<String> violations) {}

    /** @param known were met before; of these some are left out */
    Verdict check(Exchange exchange, Set<String> known) {
        Place place = place(exchange);
        Part response = description.resolved(place.responses().at(String.valueOf(exchange.status())));
        if (response.isMissing()) {
            return new Verdict(
                    Set.of(), List.of("the status %d is not named for %s".formatted(exchange.status(), place.name())));
        }
        List<String> violations = new ArrayList<>();
        checkHeaders(exchange.answer(), response, violations);
        String type = exchange.answer().mediaType();
        Part content = description.content(response);
        if (type == null) {
            checkNoBody(exchange.answer(), content, violations);
        } else if (!content.has(type)) {
            violations.add("the media type %s is not named for %s".formatted(type, place.name()));
        } else if (!exchange.isHead()) {
            violations.addAll(
                    schemas.check(exchange.answer(), type, content.at(type).at("schema")));
        } else if (exchange.answer().body().length > 0) {
            violations.add("the answer to HEAD has a body");
        }
        if (exchange.isSuccess() && place.operation() != null) {
            checkRequest(exchange, place.operation(), violations);
        }
        return new Verdict(
                violations.isEmpty() ? coverage.met(exchange, place, response, known) : Set.of(), violations);
    }

    /** The operation that a request is for, or what there is for none. */
    private Place place(Exchange exchange) {
        String route = description.route(exchange.path());
        Place operation = description.place(exchange.method() + " " + route);
        // A method is written in capitals: get is none.
        boolean known = !operation.responses().isMissing()
                && exchange.method().equals(exchange.method().toUpperCase(Locale.ROOT));
        // Of what the server could not read, it may not have the path and the method; headers too large come after
        // these.
        if (known && !exchange.isPreflight() && (exchange.readable() || exchange.status() == HEADERS_TOO_LARGE)) {
            return operation;
        }
        if (exchange.isPreflight()) {
            return description.outside("preflight");
        }
        return description.outside(
                !exchange.readable() ? "unreadable" : route == null ? "unknown-path" : "unknown-method");
    }

    private void checkHeaders(Message answer, Part response, List<String> violations) {
        Part named = response.at("headers");
        answer.headers().forEach((name, values) -> {
            if (OF_THE_MESSAGE.contains(name.toLowerCase(Locale.ROOT))
                    || name.toLowerCase(Locale.ROOT).startsWith(CORS)
                    || CORS_VARY.containsAll(values)) {
                return;
            }
            Part header = ignoringCase(named, name);
            if (header.isMissing()) {
                header = ignoringCase(description.headers(), name);
            }
            if (header.isMissing()) {
                violations.add("the header %s is not named".formatted(name));
                return;
            }
            for (String value : values) {
                if (CORS_VARY.contains(value)) {
                    continue;
                }
                for (String error : schemas.checkText(value, header.at("schema"))) {
                    violations.add("the header %s: %s".formatted(name, error));
                }
            }
        });
        named.forEach((name, header) -> {
            boolean required =
                    description.resolved(header).node().path("required").asBoolean(false);
            if (required && !answer.headers().containsHeader(name)) {
                violations.add("the header %s is missing".formatted(name));
            }
        });
    }

    private Part ignoringCase(Part headers, String name) {
        return headers.node().propertyNames().stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .map(headers::at)
                .map(description::resolved)
                .orElse(headers.at(""));
    }

    private static void checkNoBody(Message answer, Part content, List<String> violations) {
        List<String> applied = answer.headers().getOrEmpty("Preference-Applied");
        boolean leftOut = applied.stream().anyMatch(preferences -> preferences.contains("return=minimal"));
        if (answer.body().length > 0) {
            violations.add("there is a body without a media type");
        } else if (!content.node().isEmpty() && !leftOut) {
            violations.add("there is no body");
        }
    }

    /** What succeeds has to be named, too: the other direction of a parameter or a field that is named and refused. */
    private void checkRequest(Exchange exchange, Part operation, List<String> violations) {
        Set<String> known = description
                .parameters(operation)
                .filter(parameter -> parameter.in().equals("query"))
                .map(Description.Parameter::name)
                .collect(Collectors.toSet());
        for (String name : exchange.queryNames()) {
            if (!known.contains(name)) {
                violations.add("the parameter %s is not named".formatted(name));
            }
        }
        Message request = exchange.request();
        String type = request.mediaType();
        Part content = description.content(operation.at("requestBody"));
        if (content.isMissing()) {
            return;
        }
        if (type == null || !content.has(type)) {
            violations.add("the media type %s of the request is not named".formatted(type));
        } else if (exchange.isBodyTaken()) {
            for (String error : schemas.check(request, type, content.at(type).at("schema"))) {
                violations.add("the request: " + error);
            }
        }
    }
}
