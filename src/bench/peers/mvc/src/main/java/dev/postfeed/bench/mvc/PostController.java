package dev.postfeed.bench.mvc;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/posts")
class PostController {

    private final PostRepository posts;
    private final ObjectWriter lines;

    PostController(PostRepository posts, JsonMapper mapper) {
        this.posts = posts;
        this.lines = mapper.writerFor(Post.class).withRootValueSeparator("\n");
    }

    @GetMapping("/{id}")
    ResponseEntity<Post> get(@PathVariable long id) {
        return ResponseEntity.of(posts.findById(id));
    }

    @PostMapping
    ResponseEntity<Post> create(@RequestBody NewPost post) {
        Post created = posts.insert(post);
        return ResponseEntity.created(URI.create("/posts/" + created.id())).body(created);
    }

    @GetMapping(params = "order=id.desc", produces = MediaType.APPLICATION_JSON_VALUE)
    List<Post> newest(@RequestParam int limit) {
        return posts.findNewest(limit);
    }

    /** @param id {@code gt.N} */
    @GetMapping(params = "id", produces = MediaType.APPLICATION_JSON_VALUE)
    List<Post> after(@RequestParam String id, @RequestParam int limit) {
        return posts.findAfter(Long.parseLong(id.substring("gt.".length())), limit);
    }

    @GetMapping(produces = MediaType.APPLICATION_NDJSON_VALUE)
    void stream(@RequestParam int limit, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
        try (SequenceWriter out = lines.writeValues(response.getOutputStream())) {
            posts.forEach(limit, out::write);
        }
    }
}
