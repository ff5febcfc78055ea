package dev.postfeed.web;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a body into its lines, wherever its buffers are cut. A line ends with LF or CR LF, the last one need not; a byte
 * order mark at the start is skipped; blank lines are counted and left out. A line that is too long is given as soon as
 * that is seen, and the rest of it is skipped, never kept.
 */
final class LineSplitter {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int maxSize;

    /** The line that has begun; not more than a line may have, and the CR at its end. */
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    private long number = 1;
    private boolean skipping;

    /** @param maxSize bytes of a line, its end not counted */
    LineSplitter(int maxSize) {
        this.maxSize = maxSize;
    }

    /** The lines that end in the next piece of the body, or that are too long by now. */
    List<Line> add(byte[] piece) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < piece.length; i++) {
            if (piece[i] == '\n') {
                take(piece, start, i, lines);
                finish(lines);
                start = i + 1;
            }
        }
        take(piece, start, piece.length, lines);
        return lines;
    }

    /** The last line, if the body did not end with the end of one. */
    List<Line> end() {
        List<Line> lines = new ArrayList<>();
        finish(lines);
        return lines;
    }

    private void take(byte[] piece, int from, int to, List<Line> lines) {
        if (skipping) {
            return;
        }
        begun.write(piece, from, Math.min(to - from, maxSize + BYTE_ORDER_MARK.length + 2 - begun.size()));
        // One byte more may be the CR of an end of line that is still to come.
        byte[] line = begun.size() > maxSize ? content() : new byte[0];
        if (line.length > maxSize + 1 || (line.length == maxSize + 1 && line[maxSize] != '\r')) {
            lines.add(new Line(number, Arrays.copyOf(line, maxSize), true));
            skipping = true;
            begun.reset();
        }
    }

    private void finish(List<Line> lines) {
        if (!skipping) {
            byte[] line = content();
            int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
            if (!isBlank(line, length)) {
                lines.add(new Line(number, length == line.length ? line : Arrays.copyOf(line, length), false));
            }
        }
        skipping = false;
        begun.reset();
        number++;
    }

    /** What has begun, without the mark that only the first line may have. */
    private byte[] content() {
        byte[] bytes = begun.toByteArray();
        int mark = BYTE_ORDER_MARK.length;
        boolean marked = number == 1 && bytes.length >= mark && Arrays.equals(bytes, 0, mark, BYTE_ORDER_MARK, 0, mark);
        return marked ? Arrays.copyOfRange(bytes, mark, bytes.length) : bytes;
    }

    private static boolean isBlank(byte[] line, int length) {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
