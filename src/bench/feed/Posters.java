import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Several of a kind, to be closed together. */
record Posters(List<Poster> all) implements Closeable {

    interface Factory {
        Poster open() throws IOException;
    }

    static Posters http(URI node, int count) throws IOException {
        return of(count, () -> new HttpPoster(node));
    }

    /** @param body the JSON of a post of a title */
    static Posters http(URI node, int count, UnaryOperator<String> body) throws IOException {
        return of(count, () -> new HttpPoster(node, body));
    }

    static Posters psql(String databaseUrl, int count) throws IOException {
        return of(count, () -> new PsqlPoster(databaseUrl));
    }

    private static Posters of(int count, Factory factory) throws IOException {
        List<Poster> posters = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            posters.add(factory.open());
        }
        return new Posters(posters);
    }

    @Override
    public void close() throws IOException {
        for (Poster poster : all) {
            poster.close();
        }
    }
}
