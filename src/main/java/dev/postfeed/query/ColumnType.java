package dev.postfeed.query;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types of the columns: what their values look like in a query string, and how they are bound. */
enum ColumnType {
    BIGINT("an integer from -9223372036854775808 to 9223372036854775807", "", "") {
        @Override
        @Nullable
        Object read(String text) {
            if (!INTEGER.matcher(text).matches()) {
                return null;
            }
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException e) {
                return null; // does not fit
            }
        }

        @Override
        Object array(List<Object> values) {
            return values.toArray(new Long[0]);
        }

        @Override
        String keyText(String column) {
            return column + "::text";
        }
    },

    TEXT("text without U+0000", "", "") {
        @Override
        String text(String column) {
            return column;
        }

        @Override
        String json(String column) {
            return "to_json(" + column + ")";
        }

        @Override
        @Nullable
        Object read(String text) {
            boolean storable = text.indexOf('\0') < 0
                    && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
            return storable ? text : null;
        }
    },

    /** Bound as text: a driver's type would bring the time zone of the session or of the JVM into it. */
    TIMESTAMPTZ(Timestamps.ALLOWED, "::text::timestamptz", "::text[]::timestamptz[]") {
        @Override
        String text(String column) {
            return Timestamps.isoSql(column);
        }

        @Override
        String json(String column) {
            return "'\"' || " + text(column) + " || '\"'";
        }

        @Override
        @Nullable
        Object read(String text) {
            return Timestamps.parse(text);
        }

        @Override
        @Nullable
        Object readKey(String text) {
            return Timestamps.isCanonical(text) ? text : null;
        }

        @Override
        String keyText(String column) {
            return Timestamps.canonicalSql(column);
        }

        @Override
        byte[] textOf(byte[] plain) {
            return Timestamps.iso(plain);
        }

        @Override
        String keyOf(String plain) {
            return Timestamps.canonical(plain);
        }
    };

    /** Digits of the Basic Latin block only. */
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    private final String allowed;
    private final String cast;
    private final String arrayCast;

    ColumnType(String allowed, String cast, String arrayCast) {
        this.allowed = allowed;
        this.cast = cast;
        this.arrayCast = arrayCast;
    }

    /** The value to bind, or null where the text is none. */
    abstract @Nullable Object read(String text);

    /** The same of a text that {@link #keyText} wrote. */
    @Nullable
    Object readKey(String text) {
        return read(text);
    }

    /** Values of {@link #read} as an array to bind. */
    Object array(List<Object> values) {
        return values.toArray(new String[0]);
    }

    /** SQL for a column's value as text that {@link #readKey} reads, whatever the settings of the session. */
    String keyText(String column) {
        return column;
    }

    /** SQL for a column's value as text, as clients get it. */
    String text(String column) {
        return column + "::text";
    }

    /** SQL for a column's value as JSON, of whatever type. */
    String json(String column) {
        return text(column);
    }

    /** What {@link #text} is of a value as PostgreSQL writes it where times are in the style ISO, in UTF-8. */
    byte[] textOf(byte[] plain) {
        return plain;
    }

    /** What {@link #keyText} is of such a value. */
    String keyOf(String plain) {
        return plain;
    }

    /** A value of {@link #keyText} to bind. */
    Object ofKey(String text) {
        return this == BIGINT ? (Object) Long.valueOf(text) : text;
    }

    /** What makes a text, or what is bound, a value in SQL; empty where that needs nothing. */
    String cast() {
        return cast;
    }

    /** The same of an array of texts. */
    String arrayCast() {
        return arrayCast;
    }

    String bind(Binds binds, Object value) {
        return binds.add(value) + cast;
    }

    String bindArray(Binds binds, List<Object> values) {
        return binds.add(array(values)) + arrayCast;
    }

    String allowed() {
        return allowed;
    }
}
