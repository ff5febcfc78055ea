package dev.postfeed.database;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A database as libpq's connection URI names it. Both drivers are configured from this one value, so that Liquibase
 * (JDBC) and the pool (R2DBC) always speak to the same database in the same way.
 *
 * @param hosts one or more, in no order of rank
 * @param options the connection options given, by libpq's names
 * @param pooled whether there is a pooler in between that gives a session for a transaction only, as PgBouncer does
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">Connection URIs</a>
 */
record DatabaseUrl(
        List<Host> hosts,
        String username,
        String password,
        String database,
        Map<DatabaseOption, String> options,
        boolean pooled) {

    /** A setting, for what is wrong with it. */
    private record Source(String setting, String url) {
        InvalidSettingException wrong(String allowed) {
            return new InvalidSettingException(setting, redact(url), allowed);
        }
    }

    /** @param name a host name or address; an IPv6 address without brackets */
    record Host(String name, int port) {
        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    private static final String FORM = "must be postgresql://user:password@host:port/dbname?options";
    /** An @ ends user and password, and stands nowhere else: what a password with a / left of it is no host. */
    private static final Pattern URL = Pattern.compile(
            "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?@]*)(?:/(?<database>[^?@]*))?(?:\\?(?<options>[^@]*))?");

    private static final Pattern HOST =
            Pattern.compile("(?:\\[(?<v6>[0-9A-Fa-f:.%]+)]|(?<name>[^:\\[\\]]*))(?::(?<port>.*))?");

    static DatabaseUrl of(
            String host,
            int port,
            String username,
            String password,
            String database,
            Map<DatabaseOption, String> options) {
        return new DatabaseUrl(List.of(new Host(host, port)), username, password, database, options, false);
    }

    /** What {@code DATABASE_URL} says. */
    static DatabaseUrl parse(String url) {
        return parse(DatabaseProperties.URL, url);
    }

    /**
     * Reads a connection URI. What it leaves out is postgres, no password, localhost, 5432, postgres.
     *
     * @param setting that has it
     * @throws InvalidSettingException naming what is wrong; without the password
     */
    static DatabaseUrl parse(String setting, String url) {
        Source source = new Source(setting, url);
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw source.wrong(FORM + " (percent-encode reserved characters in user and password)");
        }
        List<Host> hosts = new ArrayList<>();
        for (String host : parts.group("hosts").split(",", -1)) {
            hosts.add(host(host, source));
        }
        return new DatabaseUrl(
                List.copyOf(hosts),
                decode(parts.group("user"), "postgres", source),
                decode(parts.group("password"), "", source),
                decode(parts.group("database"), "postgres", source),
                options(parts.group("options"), source),
                false);
    }

    private static Host host(String text, Source source) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            throw source.wrong("host '" + text + "' must be host:port or [IPv6]:port");
        }
        String name = host.group("v6") != null ? host.group("v6") : decode(host.group("name"), "localhost", source);
        if (name.startsWith("/")) {
            throw source.wrong("the host must be a TCP host, not a Unix socket");
        }
        String port = host.group("port");
        return new Host(
                name, port == null || port.isEmpty() ? 5432 : port(source.setting(), redact(source.url()), port));
    }

    private static Map<DatabaseOption, String> options(String text, Source source) {
        Map<DatabaseOption, String> options = new LinkedHashMap<>();
        if (text == null || text.isEmpty()) {
            return options;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals), "", source);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), "", source);
            DatabaseOption option = DatabaseOption.named(name);
            if (option == null) {
                throw source.wrong("unknown option '" + name + "', allowed are " + DatabaseOption.names());
            }
            if (!option.accepts(value)) {
                throw source.wrong("option " + name + "=" + value + " must be " + option.allowed());
            }
            options.put(option, value);
        }
        return Map.copyOf(options);
    }

    /** A TCP port out of a setting. */
    static int port(String setting, String value) {
        return port(setting, value, value);
    }

    private static int port(String setting, String shown, String value) {
        if (value.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new InvalidSettingException(setting, shown, "the port must be a whole number from 1 to 65535");
    }

    private static String decode(String text, String fallback, Source source) {
        if (text == null || text.isEmpty()) {
            return fallback;
        }
        if (text.contains("%00")) {
            throw source.wrong("%00 is allowed nowhere");
        }
        try {
            // libpq decodes %XX only: a plus sign is a plus sign, unlike in a form.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Without the cause, which quotes what it could not read.
            throw source.wrong("a % must be followed by two hexadecimal digits");
        }
    }

    /**
     * The URL as it may be shown: whatever stands before the last @ and in the options may be a secret, and so may a
     * port that is no number (an @ was forgotten), and all of a text that is no URL (a libpq keyword string, say).
     */
    private static String redact(String url) {
        String shown = url.contains("@") ? url.replaceFirst("(?s)^([A-Za-z+0-9]*://)?.*@", "$1***@") : url;
        if (!shown.matches("(?s)([A-Za-z+0-9]*://|\\*\\*\\*@).*")) {
            return "...";
        }
        return shown.replaceFirst("(?s)\\?.*", "?...").replaceFirst("(?s)://[^/\\[]*:(?!\\d*(?:[/?,]|$)).*", "://...");
    }

    /** The same database at each of its hosts alone. */
    List<DatabaseUrl> eachHost() {
        Map<DatabaseOption, String> each = new LinkedHashMap<>(options);
        if (needsWritableHost()) {
            each.put(DatabaseOption.TARGET_SESSION_ATTRS, "primary");
        }
        return hosts.stream()
                .map(host -> new DatabaseUrl(List.of(host), username, password, database, Map.copyOf(each), pooled))
                .toList();
    }

    /** The same, through a pooler. */
    DatabaseUrl throughPooler() {
        return new DatabaseUrl(hosts, username, password, database, options, true);
    }

    /** The JDBC URL; user and password are handed over beside it. */
    String jdbcUrl() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("ApplicationName", "postfeed-liquibase");
        properties.put("connectTimeout", Long.toString(connectTimeout().toSeconds()));
        properties.put("tcpKeepAlive", "true");
        if (needsWritableHost()) {
            properties.put("targetServerType", "primary");
        }
        options.forEach((option, value) -> option.jdbc(properties, value));
        return properties.entrySet().stream()
                .map(e -> e.getKey() + "=" + encode(e.getValue()))
                .collect(
                        Collectors.joining("&", "jdbc:postgresql://" + authority() + "/" + encode(database) + "?", ""));
    }

    /** The same, of which a host that takes no writes will do. */
    DatabaseUrl withAnyHost() {
        Map<DatabaseOption, String> any = new LinkedHashMap<>(options);
        any.put(DatabaseOption.TARGET_SESSION_ATTRS, "any");
        return new DatabaseUrl(hosts, username, password, database, Map.copyOf(any), false);
    }

    /** Whether only a host that takes writes will do: among several, unless any is said to. */
    boolean needsWritableHost() {
        String wanted = options.get(DatabaseOption.TARGET_SESSION_ATTRS);
        return wanted == null ? hosts.size() > 1 : !wanted.equals("any");
    }

    /** How long a host may take to accept a connection: a dead one costs this much, each time it is tried. */
    Duration connectTimeout() {
        return Duration.ofSeconds(Long.parseLong(options.getOrDefault(DatabaseOption.CONNECT_TIMEOUT, "2")));
    }

    /** Without the password: for logs, and for a client's own use where there is none. */
    @Override
    public String toString() {
        return "postgresql://" + encode(username) + "@" + authority() + "/" + encode(database);
    }

    private String authority() {
        return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
