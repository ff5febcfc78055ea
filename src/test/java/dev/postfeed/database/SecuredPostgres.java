package dev.postfeed.database;

import dev.postfeed.Certificate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A PostgreSQL that asks for passwords (SCRAM) and speaks TLS, with a database {@code secured}. Its role {@code writer}
 * may come with or without TLS, its role {@code tls_only} only with; both have {@link #PASSWORD}.
 */
final class SecuredPostgres implements AutoCloseable {

    /** Whatever must be escaped in a URL, and a word to look for where it must not be. */
    static final String PASSWORD = "canary p@ss:w/rd?#[%41]&+ü";

    /** The password as it stands in a URL. */
    static final String ENCODED_PASSWORD = "canary%20p%40ss%3Aw%2Frd%3F%23%5B%2541%5D%26+%C3%BC";

    private final EmbeddedPostgres server;
    private final Path certificate;
    private final Path otherCertificate;

    private SecuredPostgres(EmbeddedPostgres server, Path certificate, Path otherCertificate) {
        this.server = server;
        this.certificate = certificate;
        this.otherCertificate = otherCertificate;
    }

    /** @param directory for its certificates */
    static SecuredPostgres start(Path directory) throws Exception {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start();
        try {
            Certificate certificate = Certificate.make(directory, "server");
            SecuredPostgres secured = new SecuredPostgres(
                    server,
                    certificate.file(),
                    Certificate.make(directory, "other").file());
            secured.secure(certificate.file(), certificate.key());
            return secured;
        } catch (Exception e) {
            server.close();
            throw e;
        }
    }

    private void secure(Path certificate, Path key) throws SQLException, IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String role : List.of("writer", "tls_only")) {
                statement.execute("create role " + role + " superuser login password '" + PASSWORD + "'");
            }
            statement.execute("create database secured owner writer");
            statement.execute("alter system set ssl_cert_file = '" + certificate + "'");
            statement.execute("alter system set ssl_key_file = '" + key + "'");
            statement.execute("alter system set ssl = on");
            try (ResultSet row = statement.executeQuery("show hba_file")) {
                row.next();
                Files.write(
                        Path.of(row.getString(1)),
                        List.of(
                                "hostnossl all tls_only 127.0.0.1/32 reject",
                                "host all postgres 127.0.0.1/32 trust",
                                "host all all 127.0.0.1/32 scram-sha-256"));
            }
            statement.execute("select pg_reload_conf()");
        }
    }

    int port() {
        return server.getPort();
    }

    /** The URL of its database for a role, with the password. */
    String url(String role) {
        return "postgresql://" + role + ":" + ENCODED_PASSWORD + "@127.0.0.1:" + port() + "/secured";
    }

    /** The certificate of the server, which is its own CA. */
    Path certificate() {
        return certificate;
    }

    /** Of a CA that has nothing to do with this server. */
    Path otherCertificate() {
        return otherCertificate;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
