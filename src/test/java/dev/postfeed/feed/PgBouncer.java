package dev.postfeed.feed;

import dev.postfeed.ListeningProcess;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A PgBouncer in front of a server, which gives a session for a transaction only. */
final class PgBouncer {

    /** How many sessions it has with the server. */
    static final int SESSIONS = 5;

    private PgBouncer() {}

    /** @param server its port */
    static ListeningProcess start(Path directory, int server) throws IOException, InterruptedException {
        Path program = Programs.require("pgbouncer", "pgbouncer");
        int port = PostfeedProcess.freePort();
        Path configuration = directory.resolve("pgbouncer.ini");
        Files.writeString(configuration, """
                [databases]
                postgres = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 500
                ignore_startup_parameters = extra_float_digits
                server_login_retry = 1
                %s
                """.formatted(server, port, SESSIONS, user()));
        return new ListeningProcess(
                port, directory.resolve("pgbouncer.log"), program.toString(), configuration.toString());
    }

    /** It does not run as root. */
    private static String user() {
        return System.getProperty("user.name").equals("root") ? "user = nobody" : "";
    }
}
