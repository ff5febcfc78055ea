package dev.postfeed.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postfeed.web.StreamClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A client that hangs up in the middle of what it reads, or writes. */
final class StreamCutter implements Runnable {

    private static final int MOST_CHUNKS = 20;
    private static final int MOST_LINES = 200;

    private final CheckerRun run;
    private final String name;
    private final Random random;

    StreamCutter(CheckerRun run, String name, long seed) {
        this.run = run;
        this.name = name;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        try {
            while (run.pause(random, 300)) {
                int port = run.cluster().port(random.nextInt(FeedCluster.NODES));
                try {
                    switch (random.nextInt(3)) {
                        case 0 -> read(port, "application/x-ndjson");
                        case 1 -> read(port, "text/csv");
                        default -> write(port);
                    }
                } catch (IOException e) {
                    // The server has gone, or was the first to hang up.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            run.violation(name + " failed: " + e);
        }
    }

    private void read(int port, String form) throws IOException {
        try (StreamClient stream = new StreamClient(port, "/posts?order=id.desc", form)) {
            boolean begun = stream.readHead().startsWith("HTTP/1.1 200");
            for (int left = random.nextInt(MOST_CHUNKS); begun && left > 0; left--) {
                begun = stream.readChunk().length > 0;
            }
        }
    }

    /** Lines, up to somewhere in the middle of one: some are stored, and nobody hears which. */
    private void write(int port) throws IOException, InterruptedException {
        List<Insert> inserts = new ArrayList<>();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int left = 1 + random.nextInt(MOST_LINES); left > 0; left--) {
            Insert insert = run.history().next(random, name, "POST lines that are cut", 1);
            inserts.add(insert);
            lines.writeBytes((HttpWriter.body(random, insert, 0) + "\n").getBytes(UTF_8));
        }
        inserts.forEach(Insert::sent);
        inserts.forEach(run.history()::add);
        String head = "POST /posts HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
                + lines.size() + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(ISO_8859_1));
            out.write(lines.toByteArray(), 0, random.nextInt(lines.size()));
            Thread.sleep(random.nextInt(50));
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
        }
    }
}
