package dev.postfeed.feed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was written, held against the table once all writers have ended: who wrote which id, and what must be had. */
final class WrittenPosts {

    private final CheckerRun run;
    private final Map<String, Insert> byPrefix = new HashMap<>();
    private final BitSet table = new BitSet();
    private @Nullable Insert[] byId = new Insert[1024];

    WrittenPosts(CheckerRun run) throws SQLException {
        this.run = run;
        run.history().inserts().forEach(insert -> byPrefix.put(insert.prefix(), insert));
        Set<String> titles = new HashSet<>();
        try (Connection connection = run.cluster().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id, title from posts")) {
            while (row.next()) {
                table.set(row.getInt(1));
                write(row.getLong(1), row.getString(2), "is in the table");
                if (!titles.add(row.getString(2))) {
                    run.violation("post " + row.getLong(1) + " '" + row.getString(2) + "' is stored twice");
                }
            }
        }
        run.history().inserts().forEach(this::requireStored);
    }

    static long lastDrawn(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select pg_sequence_last_value(pg_get_serial_sequence('posts', 'id')::regclass)")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Nothing is invented: whatever is seen was written, and not rolled back. */
    private void write(long id, String title, String where) {
        int end = title.lastIndexOf('#') + 1;
        Insert insert = byPrefix.get(title.substring(0, end));
        if (insert == null) {
            run.violation("post " + id + " '" + title + "' " + where + ", but nobody wrote it");
            return;
        }
        long known = insert.id(Integer.parseInt(title.substring(end)));
        if (insert.outcome() == Insert.Outcome.FAILED) {
            run.violation("post " + id + " '" + title + "' " + where + ", but was rolled back: " + insert.how());
        } else if (known != 0 && known != id) {
            run.violation("post " + id + " '" + title + "' " + where + ", but was acknowledged as " + known);
        }
        if (id >= byId.length) {
            byId = Arrays.copyOf(byId, (int) Math.max(id + 1, 2L * byId.length));
        }
        byId[(int) id] = insert;
    }

    private void requireStored(Insert insert) {
        if (mayBeLost(insert)) {
            return;
        }
        for (int i = 0; i < insert.rows() && insert.outcome() == Insert.Outcome.ACKNOWLEDGED; i++) {
            if (!table.get((int) insert.id(i)) && !run.history().isDeleted(insert.id(i))) {
                run.violation("post " + insert.id(i) + " is not in the table: " + describe(insert.id(i), insert));
            }
        }
    }

    private boolean mayBeLost(Insert insert) {
        Failover failover = run.cluster().failover();
        return failover != null && failover.mayLose(insert);
    }

    /** Checks that what was delivered was written, and takes up who wrote what has been deleted since. */
    void requireWritten(int timeline, Map<Long, String> delivered) {
        delivered.forEach((id, title) -> {
            Insert insert = byPrefix.get(title.substring(0, title.lastIndexOf('#') + 1));
            if (timeline == 1 && insert != null && mayBeLost(insert)) {
                return;
            }
            write(id, title, "was delivered");
            if (!table.get(id.intValue()) && !run.history().isDeleted(id)) {
                run.violation("post " + id + " '" + title + "' was delivered, but is not in the table");
            }
        });
    }

    /** The posts that are there, of those whose commit was sent after a time; without those that a failover may have brought back. */
    BitSet expected(long since, FeedFilter filter) {
        Failover failover = run.cluster().failover();
        boolean comeBack = failover != null && failover.isLossy();
        BitSet expected = new BitSet();
        table.stream().forEach(id -> {
            Insert insert = byId[id];
            if (insert != null
                    && !(comeBack && run.history().isDeleted(id))
                    && insert.commitSentAt() > since
                    && filter.matches().test(insert)) {
                expected.set(id);
            }
        });
        return expected;
    }

    BitSet table() {
        return table;
    }

    /** Who wrote a post; null when that is a violation already. */
    @Nullable
    Insert insert(long id) {
        return id < byId.length ? byId[(int) id] : null;
    }

    /** For people. */
    String describe(long id) {
        Insert insert = insert(id);
        return insert == null ? id + " of nobody" : describe(id, insert);
    }

    /** For people: by who wrote them, the first few. */
    String describe(BitSet ids) {
        Map<String, List<Integer>> byInsert = new LinkedHashMap<>();
        ids.stream()
                .forEach(id -> byInsert.computeIfAbsent(describe(insert(id)), key -> new ArrayList<>())
                        .add(id));
        return byInsert.entrySet().stream()
                .limit(10)
                .map(entry -> "%d posts %d…%d %s"
                        .formatted(
                                entry.getValue().size(),
                                entry.getValue().get(0),
                                entry.getValue().get(entry.getValue().size() - 1),
                                entry.getKey()))
                .collect(Collectors.joining("\n    "));
    }

    private String describe(long id, Insert insert) {
        return id + " " + describe(insert);
    }

    private String describe(@Nullable Insert insert) {
        if (insert == null) {
            return "of nobody";
        }
        return "'%s' (%s, %s; sent at %s, commit sent at %s, acknowledged at %s)"
                .formatted(
                        insert.prefix(),
                        insert.how(),
                        insert.outcome(),
                        run.at(insert.sentAt()),
                        run.at(insert.commitSentAt()),
                        run.at(insert.acknowledgedAt()));
    }
}
