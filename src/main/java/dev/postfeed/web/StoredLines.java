package dev.postfeed.web;

import java.nio.ByteBuffer;
import java.util.List;

/** The answers to a batch of lines from a request before, given again one after the other to the same lines. */
final class StoredLines {

    private static final int NUMBER_AND_HASH = 2 * Long.BYTES;
    private static final byte[] STATUS = {'"', 's', 't', 'a', 't', 'u', 's', '"', ':'};

    private final long lastLine;
    private final ByteBuffer lines;
    private final byte[] answers;
    private int next;

    /**
     * @param lastLine the number of the last line
     * @param lines of {@link #index}
     * @param answers each with the end of its line
     */
    StoredLines(long lastLine, byte[] lines, byte[] answers) {
        this.lastLine = lastLine;
        this.lines = ByteBuffer.wrap(lines);
        this.answers = answers;
    }

    /** The numbers and the hashes of lines, to be stored. */
    static byte[] index(List<? extends Entry<?>> entries) {
        ByteBuffer index = ByteBuffer.allocate(entries.size() * NUMBER_AND_HASH);
        entries.forEach(entry -> index.putLong(entry.line()).putLong(entry.hash()));
        return index.array();
    }

    long lastLine() {
        return lastLine;
    }

    boolean hasNext() {
        return lines.hasRemaining();
    }

    /** Whether this is the line that the next answer was given to; goes on to the next. */
    boolean isNext(Entry<?> entry) {
        // No shortcut: both are read.
        return lines.getLong() == entry.line() & lines.getLong() == entry.hash();
    }

    /** Gives the next answer again. Returns its status. */
    int answer(LineAnswers again) {
        int start = next;
        while (answers[next] != '\n') {
            next++;
        }
        next++;
        again.again(answers, start, next);
        return status(start);
    }

    /** The digits after the first member of this name: the number of the line, before it, has no such text. */
    private int status(int from) {
        int i = from;
        while (!startsWith(STATUS, i)) {
            i++;
        }
        int digits = i + STATUS.length;
        return (answers[digits] - '0') * 100 + (answers[digits + 1] - '0') * 10 + (answers[digits + 2] - '0');
    }

    private boolean startsWith(byte[] text, int from) {
        for (int i = 0; i < text.length; i++) {
            if (answers[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
