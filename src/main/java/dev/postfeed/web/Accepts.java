package dev.postfeed.web;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.NotAcceptableStatusException;

/** What the client takes as an answer: to be asked before anything is done for it. */
public final class Accepts {

    private static final Comparator<MediaType> BY_SPECIFICITY =
            Comparator.comparingInt(range -> range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2);

    private static final Comparator<MediaType> BY_PREFERENCE =
            Comparator.comparingDouble(MediaType::getQualityValue).thenComparing(BY_SPECIFICITY);

    private Accepts() {}

    /** @throws NotAcceptableStatusException when the {@code Accept} header excludes the only form there is */
    public static void require(ServerRequest request, MediaType form) {
        choose(request, List.of(form), Function.identity());
    }

    /**
     * The form that the client likes best; of those it likes as much, the one that it names rather than includes, then
     * the first one.
     *
     * @throws NotAcceptableStatusException when the {@code Accept} header excludes them all
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110, section 12.5.1</a>
     */
    static <F> F choose(ServerRequest request, List<F> forms, Function<F, MediaType> mediaType) {
        List<MediaType> accepted = request.headers().accept();
        F best = forms.get(0);
        if (accepted.isEmpty()) {
            return best;
        }
        @Nullable MediaType bestRange = null;
        for (F form : forms) {
            MediaType range = range(accepted, mediaType.apply(form));
            if (range != null && (bestRange == null || BY_PREFERENCE.compare(range, bestRange) > 0)) {
                best = form;
                bestRange = range;
            }
        }
        if (bestRange == null) {
            throw new NotAcceptableStatusException(forms.stream().map(mediaType).toList());
        }
        return best;
    }

    /** Of the ranges that include a form, the most specific one; null where that one, or none, allows it. */
    private static @Nullable MediaType range(List<MediaType> accepted, MediaType form) {
        Stream<MediaType> including = accepted.stream().filter(range -> range.includes(form));
        return including
                .max(BY_SPECIFICITY)
                .filter(range -> range.getQualityValue() > 0)
                .orElse(null);
    }
}
