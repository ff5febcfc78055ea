package dev.postfeed.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request without a {@code traceparent} has been given one by the edge, with a trace id and, zeros being the id of none, no
 * parent. W3C's propagator takes that for invalid, so that the first span gets a new trace id, from here: the one that the log and the
 * answer have as well.
 */
final class NewTraces implements TextMapPropagator, IdGenerator {

    private static final String HEADER = "traceparent";
    private static final String NO_PARENT = "-0000000000000000-00";

    private final IdGenerator random = IdGenerator.random();

    /** From the reading of the headers to the beginning of the span, which comes next on the same thread. */
    private final ThreadLocal<@Nullable String> next = new ThreadLocal<>();

    @Override
    public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
        String value = getter.get(carrier, HEADER);
        next.set(value != null && value.endsWith(NO_PARENT) ? value.substring(3, 35) : null);
        return context;
    }

    @Override
    public String generateTraceId() {
        String trace = next.get();
        next.remove();
        return trace == null ? random.generateTraceId() : trace;
    }

    @Override
    public String generateSpanId() {
        return random.generateSpanId();
    }

    @Override
    public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
        // W3C's does.
    }

    @Override
    public Collection<String> fields() {
        return List.of();
    }
}
