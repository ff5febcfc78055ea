package dev.postfeed.bench.mvc;

import java.time.Instant;

record Post(long id, String title, String content, Long userId, Instant createdAt) {}
