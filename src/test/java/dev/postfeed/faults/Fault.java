package dev.postfeed.faults;

/** What may go wrong around the service, in the order and with the numbers of the README's table. */
public enum Fault {
    DATABASE_KILLED("PostgreSQL is killed with -9 and started again"),
    CONNECTION_TERMINATED("`pg_terminate_backend` on each connection in turn: pool, feed's reader, Liquibase"),
    DATABASE_SILENT("the way to PostgreSQL goes silent, and nothing is closed"),
    POOL_EXHAUSTED("slow queries and row locks hold all connections"),
    REQUESTS_CANCELLED("2,000 requests are cancelled in the middle of their statements"),
    SUBSCRIBER_STUCK("a subscriber of the feed never reads; another vanishes without a FIN"),
    STREAMS_NOT_READ("200 lists are streamed to clients that never read, over a pool of 5"),
    SUBSCRIBERS_TOO_MANY("more subscribers come than there may be"),
    COMMIT_LATE("commits come late, or never: rollbacks, savepoints, rows deleted before they are delivered"),
    NOTIFICATION_MISSED("a notification is missed"),
    DISK_FULL("the disk below the database is full"),
    LINES_BROKEN("uploads have bad, empty, endless or too long lines, CR LF, a byte order mark, or are cut"),
    BODY_MALFORMED("bodies have invalid UTF-8, U+0000, half a pair, 5,000 levels, 10 MB, numbers of 400 digits"),
    ID_MALFORMED("ids are 0, -1, 2^63, `1e3`, `٣`, empty, `%00`, 10 KB"),
    EMAIL_RACE("50 clients at once want one email"),
    USER_DELETED("a user is deleted while posts are written for them"),
    ROW_RACE("two clients change one row with `If-Match`"),
    QUERY_FLOOD("parameters are SQL, thousands of wildcards, 10,000 filters, `or` 1,000 deep"),
    CONTROL_CHARACTERS("CR, LF and control characters are in text, headers, `Last-Event-ID`"),
    TARGET_MALFORMED("targets have `..`, `%2e%2e`, `//`, `;x=`, the absolute form, 20 KB"),
    CLIENTS_SLOW("headers or bodies come slowly, connections are half open, 10,000 are idle"),
    TERMINATED("SIGTERM while everything streams"),
    KILLED_IN_UPLOAD("SIGKILL in the middle of an upload; the client comes again with its key"),
    STARTS_AT_ONCE("two nodes start at once; one is killed while it migrates"),
    EMBEDDED_ORPHAN("the JVM is killed with -9 over the embedded database; a second instance comes to its data"),
    SETTINGS_WRONG("a wrong password, host, port, database name, TLS mode"),
    SECRETS("a log at TRACE, problems, metrics and health are searched for passwords and tokens"),
    PRIMARY_LOST("the primary is killed, cut off or read-only, and a standby is promoted in its place");

    private final String description;

    Fault(String description) {
        this.description = description;
    }

    /** The line of the table. */
    public int number() {
        return ordinal() + 1;
    }

    public String description() {
        return description;
    }
}
