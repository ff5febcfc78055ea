package dev.postfeed.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What {@code openapi.yaml} says of an answer: its route, status, headers, media type and body have to be named there.
 * Requests that are for no operation have their answers in {@code x-outside-operations}.
 */
final class Contract {

    /** Of the connection and the message, whatever it tells. */
    private static final Set<String> OF_THE_MESSAGE =
            Set.of("content-type", "content-length", "transfer-encoding", "connection", "date");

    private static final int HEADERS_TOO_LARGE = 431;

    private static final String OUTSIDE = "/x-outside-operations/";

    private final Description description;
    private final Schemas schemas;

    Contract(Description description) {
        this.description = description;
        this.schemas = new Schemas(description);
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

    /**
     * @param met what was met, as {@link Description#named} has it; null where it is nothing of the contract's
     * @param violations what is wrong with it
     */
    record Verdict(@Nullable String met, List<String> violations) {}

    Verdict check(Exchange exchange) {
        Place place = place(exchange);
        JsonNode response = description.resolved(place.responses().path(String.valueOf(exchange.status())));
        if (response.isMissingNode()) {
            return new Verdict(
                    null, List.of("the status %d is not named for %s".formatted(exchange.status(), place.name())));
        }
        List<String> violations = new ArrayList<>();
        checkHeaders(exchange, response, violations);
        String type = exchange.mediaType();
        JsonNode content = response.path("content");
        if (type == null) {
            checkNoBody(exchange, content, violations);
        } else if (!content.has(type)) {
            violations.add("the media type %s is not named for %s".formatted(type, place.name()));
        } else if (!exchange.isHead()) {
            schemas.check(exchange, type, content.path(type).path("schema")).forEach(violations::add);
        } else if (exchange.body().length > 0) {
            violations.add("the answer to HEAD has a body");
        }
        if (exchange.status() < 300 && place.operation() != null) {
            checkRequest(exchange, place.operation(), violations);
        }
        return new Verdict(Description.name(place.name(), exchange.status(), type), violations);
    }

    /** The operation that a request is for, or what there is for none. */
    private Place place(Exchange exchange) {
        Description.Route route = description.route(exchange.path());
        JsonNode operation =
                route == null ? null : route.item().get(exchange.method().toLowerCase(Locale.ROOT));
        // A method is written in capitals: get is none.
        boolean known =
                operation != null && exchange.method().equals(exchange.method().toUpperCase(Locale.ROOT));
        // Of what the server could not read, it may not have the path and the method; headers too large come after
        // these.
        if (known && (exchange.readable() || exchange.status() == HEADERS_TOO_LARGE)) {
            return new Place(exchange.method() + " " + route.path(), operation.path("responses"), operation);
        }
        String outside = !exchange.readable() ? "unreadable" : route == null ? "unknown-path" : "unknown-method";
        return new Place(outside, description.at(OUTSIDE + outside), null);
    }

    private void checkHeaders(Exchange exchange, JsonNode response, List<String> violations) {
        JsonNode everywhere = description.at(OUTSIDE + "headers");
        exchange.headers().forEach((name, values) -> {
            if (OF_THE_MESSAGE.contains(name.toLowerCase(Locale.ROOT))) {
                return;
            }
            JsonNode header = description.resolved(ignoringCase(response.path("headers"), name));
            if (header.isMissingNode()) {
                header = description.resolved(ignoringCase(everywhere, name));
            }
            if (header.isMissingNode()) {
                violations.add("the header %s is not named".formatted(name));
                return;
            }
            for (String value : values) {
                for (String error : schemas.checkText(value, header.path("schema"))) {
                    violations.add("the header %s: %s".formatted(name, error));
                }
            }
        });
        response.path("headers").propertyStream().forEach(header -> {
            boolean required =
                    description.resolved(header.getValue()).path("required").asBoolean(false);
            if (required && !exchange.headers().containsHeader(header.getKey())) {
                violations.add("the header %s is missing".formatted(header.getKey()));
            }
        });
    }

    private static JsonNode ignoringCase(JsonNode headers, String name) {
        return headers.propertyStream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(headers.path(""));
    }

    private static void checkNoBody(Exchange exchange, JsonNode content, List<String> violations) {
        List<String> applied = exchange.headers().getOrEmpty("Preference-Applied");
        boolean leftOut = applied.stream().anyMatch(preferences -> preferences.contains("return=minimal"));
        if (exchange.body().length > 0) {
            violations.add("there is a body without a media type");
        } else if (!content.isEmpty() && !leftOut) {
            violations.add("there is no body");
        }
    }

    /** What succeeds has to be named, too: the other direction of a parameter that is named and refused. */
    private void checkRequest(Exchange exchange, JsonNode operation, List<String> violations) {
        Set<String> known = description.queryParameters(operation);
        for (String pair : exchange.query().split("&")) {
            String name = URLDecoder.decode(pair.replaceFirst("=.*", ""), StandardCharsets.UTF_8);
            if (!pair.isEmpty() && !known.contains(name)) {
                violations.add("the parameter %s is not named".formatted(name));
            }
        }
        String type = Exchange.mediaType(exchange.requestHeaders());
        JsonNode body = description.resolved(operation.path("requestBody")).path("content");
        if (!body.isEmpty() && (type == null || !body.has(type))) {
            violations.add("the media type %s of the request is not named".formatted(type));
        }
    }

    /** @param operation null for none */
    private record Place(
            String name, JsonNode responses, @Nullable JsonNode operation) {}
}
