package dev.postfeed.bench.webflux;

import java.net.URI;
import java.time.Duration;
import org.springframework.data.domain.Limit;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@RestController
@RequestMapping("/posts")
class PostController {

    private static final int BEHIND = 1024;

    private final PostRepository posts;
    private final Sinks.Many<Post> created = Sinks.many().multicast().directBestEffort();

    PostController(PostRepository posts) {
        this.posts = posts;
    }

    @GetMapping("/{id}")
    Mono<ResponseEntity<Post>> get(@PathVariable long id) {
        return posts.findById(id)
                .map(ResponseEntity::ok)
                .defaultIfEmpty(ResponseEntity.notFound().build());
    }

    @PostMapping
    Mono<ResponseEntity<Post>> create(@RequestBody Post post) {
        return posts.save(post.created())
                .doOnNext(saved -> created.emitNext(saved, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1))))
                .map(saved -> ResponseEntity.created(URI.create("/posts/" + saved.id()))
                        .body(saved));
    }

    @GetMapping(params = "order=id.desc", produces = MediaType.APPLICATION_JSON_VALUE)
    Flux<Post> newest(@RequestParam int limit) {
        return posts.findAllByOrderByIdDesc(Limit.of(limit));
    }

    /** @param id {@code gt.N} */
    @GetMapping(params = "id", produces = MediaType.APPLICATION_JSON_VALUE)
    Flux<Post> after(@RequestParam String id, @RequestParam int limit) {
        return posts.findByIdGreaterThanOrderById(Long.parseLong(id.substring("gt.".length())), Limit.of(limit));
    }

    @GetMapping(produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<Post> stream(@RequestParam int limit) {
        return posts.findAllByOrderById(Limit.of(limit));
    }

    /** What was created through this process; who is further behind than a buffer loses posts. */
    @GetMapping("/feed")
    Flux<ServerSentEvent<Post>> feed() {
        Flux<ServerSentEvent<Post>> events = created.asFlux()
                .onBackpressureBuffer(BEHIND)
                .map(post -> ServerSentEvent.builder(post)
                        .id(String.valueOf(post.id()))
                        .event("post")
                        .build());
        // Headers go out with the first event.
        return events.mergeWith(
                Mono.just(ServerSentEvent.<Post>builder().comment("hi").build()));
    }
}
