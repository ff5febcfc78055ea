package dev.postfeed.contract;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * What a description names, and what of that an exchange meets: a line each.
 *
 * <ul>
 *   <li>An answer, by operation, status and media type.
 *   <li>A header of an answer, by operation and status: also where all answers of a kind share it, each of them has to
 *       have had it.
 *   <li>A parameter, by operation. It is met where the request had it and succeeded; one that is a header as well where
 *       it led to a 304. A preference that may be ignored is met by a success as well.
 *   <li>A property, by where its schema is written, as {@link Fields} has it: by operation and status each field of a
 *       problem would have to be met some hundreds of times. One of a request is met where its body was taken as a whole.
 * </ul>
 */
final class Coverage {

    enum Kind {
        ANSWERS,
        HEADERS,
        PARAMETERS,
        PROPERTIES
    }

    private static final String EVERY_ANSWER = "every answer";

    private final Description description;
    private final Fields asked;
    private final Fields answered;

    Coverage(Description description, Schemas schemas) {
        this.description = description;
        this.asked = new Fields("request", description, schemas);
        this.answered = new Fields("answer", description, schemas);
    }

    /** Everything that there is to be met. */
    Map<Kind, Set<String>> named() {
        Map<Kind, Set<String>> named = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            named.put(kind, new TreeSet<>());
        }
        description.places().forEach(place -> addNamed(place, named));
        description.headers().forEach((name, header) -> named.get(Kind.HEADERS).add(header(EVERY_ANSWER, name)));
        return named;
    }

    private void addNamed(Place place, Map<Kind, Set<String>> named) {
        place.responses().forEach((status, written) -> {
            String answer = place.name() + " " + status;
            Part response = description.resolved(written);
            description
                    .mediaTypes(response)
                    .forEach(type -> named.get(Kind.ANSWERS).add(answer(answer, type)));
            response.at("headers")
                    .forEach((name, header) -> named.get(Kind.HEADERS).add(header(answer, name)));
            addProperties(answered, response, named);
        });
        Part operation = place.operation();
        if (operation != null) {
            description
                    .parameters(operation)
                    .forEach(parameter -> named.get(Kind.PARAMETERS).add(parameter(place, parameter)));
            addProperties(asked, operation.at("requestBody"), named);
        }
    }

    private void addProperties(Fields fields, Part message, Map<Kind, Set<String>> named) {
        description
                .content(message)
                .forEach((type, content) -> named.get(Kind.PROPERTIES).addAll(fields.named(content.at("schema"))));
    }

    private static String answer(String answer, @Nullable String mediaType) {
        return answer + " " + (mediaType == null ? "-" : mediaType);
    }

    private static String header(String answer, String name) {
        return answer + " header " + name;
    }

    private static String parameter(Place place, Description.Parameter parameter) {
        return place.name() + " " + parameter.in() + " " + parameter.name();
    }

    /**
     * What an exchange meets that is as the description has it.
     *
     * @param response that it has
     * @param known were met before; of these some are left out
     */
    Set<String> met(Exchange exchange, Place place, Part response, Set<String> known) {
        Set<String> met = new HashSet<>();
        String answer = place.name() + " " + exchange.status();
        met.add(answer(answer, exchange.answer().mediaType()));
        addHeaders(exchange, answer, response.at("headers"), met);
        addHeaders(exchange, EVERY_ANSWER, description.headers(), met);
        if (!exchange.isHead()) {
            addProperties(answered, exchange.answer(), response, known, met);
        }
        Part operation = place.operation();
        if (operation != null) {
            addParameters(exchange, place, operation, known, met);
            if (exchange.isBodyTaken()) {
                addProperties(asked, exchange.request(), operation.at("requestBody"), known, met);
            }
        }
        return met;
    }

    private static void addHeaders(Exchange exchange, String answer, Part headers, Set<String> met) {
        headers.forEach((name, header) -> {
            if (exchange.answer().headers().containsHeader(name)) {
                met.add(header(answer, name));
            }
        });
    }

    private void addParameters(Exchange exchange, Place place, Part operation, Set<String> known, Set<String> met) {
        description.parameters(operation).forEach(parameter -> {
            String line = parameter(place, parameter);
            if (!known.contains(line) && isTaken(exchange, parameter)) {
                met.add(line);
            }
        });
    }

    private static boolean isTaken(Exchange exchange, Description.Parameter parameter) {
        boolean notModified = exchange.status() == HttpStatus.NOT_MODIFIED.value();
        return switch (parameter.in()) {
            case "path" -> exchange.isSuccess();
            case "query" -> exchange.isSuccess() && exchange.queryNames().contains(parameter.name());
            case "header" ->
                (exchange.isSuccess() || notModified)
                        && exchange.request().headers().containsHeader(parameter.name());
            default -> false;
        };
    }

    private void addProperties(Fields fields, Message message, Part described, Set<String> known, Set<String> met) {
        String type = message.mediaType();
        Part content = description.content(described);
        if (type != null && content.has(type)) {
            met.addAll(fields.met(message, type, content.at(type).at("schema"), known));
        }
    }
}
