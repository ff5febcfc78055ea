package dev.postfeed.bench.mvc;

record NewPost(String title, String content, Long userId) {}
