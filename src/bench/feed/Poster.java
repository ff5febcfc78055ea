import java.io.Closeable;
import java.io.IOException;

/** Somebody who writes posts, one call after the other. */
interface Poster extends Closeable {

    /** What a post of these programs is filled with, so that its event has about 260 bytes. */
    String CONTENT = "The quick brown fox jumps over the lazy dog, and over the next one, and over all of them.";

    /** Returns when the post has been acknowledged. Streams find the number in the title. */
    void post(long number) throws IOException;

    /** The title that tells a post's number to those who read the feed. */
    static String title(long number) {
        return "~" + number + "~";
    }
}
