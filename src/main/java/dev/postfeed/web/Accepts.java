package dev.postfeed.web;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.NotAcceptableStatusException;

/** What the client takes as an answer: to be asked before anything is done for it. */
final class Accepts {

    private Accepts() {}

    /** @throws NotAcceptableStatusException when the {@code Accept} header excludes the only form there is */
    static void require(ServerRequest request, MediaType form) {
        List<MediaType> accepted = request.headers().accept();
        if (!accepted.isEmpty()
                && accepted.stream().noneMatch(type -> type.getQualityValue() > 0 && form.isCompatibleWith(type))) {
            throw new NotAcceptableStatusException(List.of(form));
        }
    }
}
