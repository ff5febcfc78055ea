package dev.postfeed.web;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/**
 * Tells requests that last as long as the client likes (the feed, rows or lines) from those that are to be answered soon: a
 * percentile of both together says nothing of either.
 */
@Component
class RequestObservation extends DefaultServerRequestObservationConvention {

    private static final KeyValue STREAM = KeyValue.of("stream", "true");
    private static final KeyValue NO_STREAM = KeyValue.of("stream", "false");

    /** In the order of their names, so that nobody has to sort them. */
    @Override
    public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
        return KeyValues.of(
                exception(context),
                method(context),
                outcome(context),
                status(context),
                isStream(context.getResponse()) ? STREAM : NO_STREAM,
                uri(context));
    }

    private static boolean isStream(@Nullable ServerHttpResponse response) {
        return response != null && Streams.isOne(response.getHeaders());
    }
}
