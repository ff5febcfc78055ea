import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;

/** One stream of the feed, from the bytes of its connection: head, chunks, lines. Reads may be split anywhere. */
final class FeedStream {

    /** Hears of the posts whose titles have a number. */
    @FunctionalInterface
    interface Receiver {
        void received(long number, long nanos);
    }

    private enum Part {
        HEAD,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        END
    }

    /** Enough of a line to tell what it is, and the number of a post. */
    private static final int LINE_START = 96;

    private static final String DATA = "data:";

    private final Receiver receiver;
    private final StringBuilder head = new StringBuilder();
    private final byte[] line = new byte[LINE_START];
    private Part part = Part.HEAD;
    private long chunk;
    private int lineSize;
    private boolean post;

    private boolean caughtUp;
    private boolean cut;
    private int resets;
    private long posts;
    private long sum;

    FeedStream(Receiver receiver) {
        this.receiver = receiver;
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    /** Whether the body came to its end, as opposed to the connection. */
    boolean hasEnded() {
        return part == Part.END;
    }

    boolean isCut() {
        return cut;
    }

    int resets() {
        return resets;
    }

    /** How many posts came, with numbers or without. */
    long posts() {
        return posts;
    }

    /** The sum of the numbers that came. */
    long sum() {
        return sum;
    }

    @Override
    public String toString() {
        return posts + ", sum " + sum + (cut ? " (cut)" : "") + (resets > 0 ? " (" + resets + " resets)" : "");
    }

    /** No more will come. */
    void close() {
        cut = part != Part.END;
    }

    /** @param nanos when these bytes were read */
    void read(byte[] bytes, int size, long nanos) throws IOException {
        int at = 0;
        while (at < size) {
            switch (part) {
                case HEAD -> head((char) bytes[at++]);
                case CHUNK_SIZE -> chunkSize(bytes[at++]);
                case CHUNK -> {
                    int end = (int) Math.min(size, at + chunk);
                    lines(bytes, at, end, nanos);
                    chunk -= end - at;
                    at = end;
                    part = chunk == 0 ? Part.CHUNK_END : Part.CHUNK;
                }
                case CHUNK_END -> part = bytes[at++] == '\n' ? Part.CHUNK_SIZE : Part.CHUNK_END;
                case END -> at = size;
            }
        }
    }

    private void head(char c) throws IOException {
        head.append(c);
        if (c == '\n' && head.length() > 4 && head.charAt(head.length() - 3) == '\n') {
            String all = head.toString().toLowerCase();
            if (!all.startsWith("http/1.1 200 ")) {
                throw new IOException("No stream: " + head);
            }
            head.setLength(0);
            head.trimToSize();
            if (all.contains("transfer-encoding: chunked")) {
                part = Part.CHUNK_SIZE;
            } else {
                // nchan's body ends with its connection.
                part = Part.CHUNK;
                chunk = Long.MAX_VALUE / 2;
            }
        }
    }

    private void chunkSize(byte b) throws IOException {
        if (b == '\n') {
            part = chunk == 0 ? Part.END : Part.CHUNK;
        } else if (b != '\r') {
            int digit = Character.digit(b, 16);
            if (digit < 0) {
                throw new IOException("No size of a chunk: " + new String(new byte[] {b}, ISO_8859_1));
            }
            chunk = 16 * chunk + digit;
        }
    }

    private void lines(byte[] bytes, int from, int to, long nanos) {
        int at = from;
        while (at < to) {
            int end = Newlines.next(bytes, at, to);
            if (end < to && lineSize == 0) {
                line(bytes, at, end, nanos);
            } else {
                int kept = Math.min(end - at, LINE_START - lineSize);
                System.arraycopy(bytes, at, line, lineSize, kept);
                lineSize += kept;
                if (end < to) {
                    line(line, 0, lineSize, nanos);
                    lineSize = 0;
                }
            }
            at = end + 1;
        }
    }

    private void line(byte[] bytes, int from, int to, long nanos) {
        if (to == from) {
            return;
        }
        if (bytes[from] == ':') {
            // Services that have no such event greet by a comment.
            caughtUp |= startsWith(": hi", bytes, from, to) || startsWith(":hi", bytes, from, to);
        } else if (bytes[from] == 'e') {
            // The blank is as one likes.
            post = startsWith("event: post", bytes, from, to) || startsWith("event:post", bytes, from, to);
            caughtUp |= startsWith("event: caught-up", bytes, from, to);
            resets += startsWith("event: reset", bytes, from, to) ? 1 : 0;
        } else if (post && startsWith(DATA, bytes, from, to)) {
            post = false;
            posts++;
            number(bytes, from + DATA.length(), Math.min(to, from + LINE_START), nanos);
        }
    }

    /** The digits between the first two tildes; the title is the first text of an event. */
    private void number(byte[] bytes, int from, int to, long nanos) {
        int at = from;
        while (at < to && bytes[at] != '~') {
            at++;
        }
        long number = 0;
        for (at++; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            number = 10 * number + bytes[at] - '0';
        }
        if (at < to && bytes[at] == '~') {
            sum += number;
            receiver.received(number, nanos);
        }
    }

    private static boolean startsWith(String prefix, byte[] bytes, int from, int to) {
        if (to - from < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (bytes[from + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
