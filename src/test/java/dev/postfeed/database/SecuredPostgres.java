package dev.postfeed.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Key;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
            Path certificate = makeCertificate(directory, "server");
            SecuredPostgres secured = new SecuredPostgres(server, certificate, makeCertificate(directory, "other"));
            secured.secure(certificate, directory.resolve("server.key"));
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

    /** A self-signed certificate for 127.0.0.1, its key beside it. */
    private static Path makeCertificate(Path directory, String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IllegalStateException(Files.readString(directory.resolve(name + ".log")));
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        Key key = keys.getKey(name, "changeit".toCharArray());
        Path keyFile = Files.createFile(
                directory.resolve(name + ".key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        return Files.writeString(
                directory.resolve(name + ".crt"),
                pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(type, Base64.getMimeEncoder().encodeToString(content), type);
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
