package dev.postfeed.bench.webflux;

import org.springframework.data.domain.Limit;
import org.springframework.data.repository.reactive.ReactiveCrudRepository;
import reactor.core.publisher.Flux;

interface PostRepository extends ReactiveCrudRepository<Post, Long> {

    Flux<Post> findAllByOrderByIdDesc(Limit limit);

    Flux<Post> findAllByOrderById(Limit limit);

    Flux<Post> findByIdGreaterThanOrderById(long id, Limit limit);
}
