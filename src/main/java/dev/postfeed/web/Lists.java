package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Answers with a list: a page of it as JSON, or all of it as a stream of lines. */
@Component
public class Lists {

    /** Characters of a target that is taken: a request line may have 16 KiB, of which the method needs some. */
    private static final int MAX_ADDRESS = 16 * 1024 - 64;

    private static final String COUNT_EXACT = "count=exact";

    private static final List<ListForm> FORMS = List.of(ListForm.values());

    /**
     * What goes on with a list that is going to be read.
     *
     * @param address of what is new
     * @param reads the context with which the list is read, so that nothing lies between the two
     */
    public record Monitor(String address, ContextView reads) {}

    private final ReadSources sources;
    private final ListReader reader;
    private final StreamLimit streams;
    private final StreamMetrics metrics;

    Lists(ReadSources sources, ListReader reader, StreamLimit streams, StreamMetrics metrics) {
        this.sources = sources;
        this.reader = reader;
        this.streams = streams;
        this.metrics = metrics;
    }

    /**
     * Answers in the form that the client prefers.
     *
     * @param monitor what goes on with the list, as new rows come; null where there is nothing
     * @param ifEmpty runs before an answer without rows: by an error it tells a list that is not there from an empty one
     */
    public Mono<ServerResponse> answer(
            ServerRequest request, ListQuery query, @Nullable Monitor monitor, Mono<Void> ifEmpty) {
        ListForm form = Accepts.choose(request, FORMS, ListForm::mediaType);
        return form == ListForm.JSON
                ? page(request, query, monitor, ifEmpty)
                : stream(request, query, form, monitor, ifEmpty);
    }

    private Mono<ServerResponse> stream(
            ServerRequest request, ListQuery query, ListForm form, @Nullable Monitor monitor, Mono<Void> ifEmpty) {
        ServerResponse.BodyBuilder answer = ok(monitor).contentType(form.mediaType());
        if (HeadAsGet.isHead(request)) {
            return ifEmpty.then(answer.build()); // Every row would be read only to be counted.
        }
        ServerHttpResponse response = request.exchange().getResponse();
        DataBufferFactory buffers = response.bufferFactory();
        ContextView reads = Context.of(sources.inTurn()).putAll(reads(monitor));
        return answer.body((out, context) -> {
            Flux<byte[]> rows = streams.admit(
                    RowStream.of(reader, metrics, query, form, ClientConnection.writable(response), ifEmpty));
            return out.writeWith((reads.isEmpty() ? rows : rows.contextWrite(reads)).map(buffers::wrap));
        });
    }

    private Mono<ServerResponse> page(
            ServerRequest request, ListQuery query, @Nullable Monitor monitor, Mono<Void> ifEmpty) {
        Mono<RowBuffer> read = reader.page(query, Preferences.of(request).has(COUNT_EXACT));
        ContextView reads = reads(monitor);
        return (reads.isEmpty() ? read : read.contextWrite(reads))
                .flatMap(page -> page.isEmptyList() ? ifEmpty.thenReturn(page) : Mono.just(page))
                .flatMap(page -> respond(request, query, ok(monitor), page));
    }

    private static ContextView reads(@Nullable Monitor monitor) {
        return monitor == null ? Context.empty() : monitor.reads();
    }

    private static ServerResponse.BodyBuilder ok(@Nullable Monitor monitor) {
        ServerResponse.BodyBuilder answer = ServerResponse.ok().varyBy(HttpHeaders.ACCEPT);
        if (monitor != null && monitor.address().length() <= MAX_ADDRESS) {
            link(answer, monitor.address(), "monitor");
        }
        return answer;
    }

    private static void link(ServerResponse.BodyBuilder answer, String address, String relation) {
        answer.header(HttpHeaders.LINK, "<" + address + ">; rel=\"" + relation + "\"");
    }

    private static Mono<ServerResponse> respond(
            ServerRequest request, ListQuery query, ServerResponse.BodyBuilder response, RowBuffer page) {
        if (page.isCut()) {
            String path = request.requestPath().pathWithinApplication().value();
            String next = path + "?" + query.next(page.last());
            if (next.length() > MAX_ADDRESS) {
                throw new Problem(
                        ProblemType.URI_TOO_LONG, "with its cursor the address of the next page would be too long");
            }
            link(response, next, "next");
        }
        if (page.total() != null) {
            response.header(HttpHeaders.CONTENT_RANGE, range(page) + "/" + page.total());
            response.header(Preferences.APPLIED, COUNT_EXACT);
        }
        return WholeBody.of(response, MediaType.APPLICATION_JSON, page.toArray());
    }

    /** As PostgREST has it: the first and the last row, counted from the first page on; or a star for none. */
    private static String range(RowBuffer page) {
        return page.rows() == 0 ? "*" : page.before() + "-" + (page.before() + page.rows() - 1);
    }
}
