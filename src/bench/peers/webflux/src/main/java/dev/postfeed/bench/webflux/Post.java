package dev.postfeed.bench.webflux;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

@Table("posts")
record Post(@Id Long id, String title, String content, Long userId, Instant createdAt) {

    /** What is posted has no time yet; PostgreSQL keeps microseconds. */
    Post created() {
        return new Post(null, title, content, userId, Instant.now().truncatedTo(ChronoUnit.MICROS));
    }
}
