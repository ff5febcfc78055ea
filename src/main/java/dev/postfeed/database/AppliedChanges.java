package dev.postfeed.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.StreamUtils;

/**
 * Whether all changes of this version are in the database already, as a comment on Liquibase's own table tells: Liquibase takes
 * an eighth of a start to find the same out. The comment names the changes that there are here, and those that the table has: when
 * either is another, it counts for nothing.
 */
final class AppliedChanges {

    private static final Logger log = LoggerFactory.getLogger(AppliedChanges.class);

    private static final String TABLE = "to_regclass(quote_ident(current_schema()) || '.databasechangelog')";

    private static final String ROWS =
            "(select md5(string_agg(concat_ws(' ', id, author, filename, md5sum, exectype), ','"
                    + " order by orderexecuted, id)) from databasechangelog)";

    private final Statement statement;
    private final String changes = hash();

    AppliedChanges(Statement statement) {
        this.statement = statement;
    }

    boolean areAll() throws SQLException {
        String comment = ask("select obj_description(" + TABLE + ", 'pg_class')");
        return comment != null && comment.equals(ask("select " + sentence()));
    }

    /** They are now. Whoever may not write a comment goes on without: the next start looks again. */
    void remember() throws SQLException {
        String comment = ask("select quote_literal(" + sentence() + ")");
        try {
            statement.execute("comment on table databasechangelog is " + comment);
        } catch (SQLException e) {
            log.debug("no comment on databasechangelog", e);
        }
    }

    private String sentence() {
        return "'Postfeed has applied " + changes + " as ' || " + ROWS;
    }

    private @Nullable String ask(String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static String hash() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:db/changelog/*");
            Arrays.sort(files, Comparator.comparing(file -> Objects.requireNonNull(file.getFilename())));
            for (Resource file : files) {
                hash.update(StreamUtils.copyToByteArray(file.getInputStream()));
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
