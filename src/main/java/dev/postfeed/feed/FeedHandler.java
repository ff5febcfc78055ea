package dev.postfeed.feed;

import dev.postfeed.query.FeedQuery;
import dev.postfeed.query.Parameters;
import dev.postfeed.web.Accepts;
import dev.postfeed.web.HeadAsGet;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Component
@ConditionalOnBooleanProperty(name = "postfeed.feed.enabled", matchIfMissing = true)
class FeedHandler {

    private final LiveFeed feed;

    FeedHandler(LiveFeed feed) {
        this.feed = feed;
    }

    Mono<ServerResponse> feed(ServerRequest request) {
        Accepts.require(request, MediaType.TEXT_EVENT_STREAM);
        Map<String, List<String>> parameters = Parameters.decode(request.uri().getRawQuery());
        FeedStart start = FeedStart.of(request.headers().firstHeader("Last-Event-ID"), parameters);
        FeedQuery query = FeedQuery.of(parameters);
        ServerResponse.BodyBuilder answer = ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .cacheControl(CacheControl.noStore())
                // nginx would keep events back until its buffers are full.
                .header("X-Accel-Buffering", "no");
        if (HeadAsGet.isHead(request)) {
            return answer.build();
        }
        return answer.body((response, context) -> feed.serve(query, start, response));
    }
}
