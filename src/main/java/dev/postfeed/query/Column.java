package dev.postfeed.query;

/**
 * A column, which filters, orders and selections may name.
 *
 * @param unique no two rows have the same value; never nullable
 */
record Column(String name, ColumnType type, boolean nullable, boolean unique) implements Selected {

    /**
     * Of a text this many characters count in an order: a cursor holds them and has to fit an address. Titles and names
     * that came through the API are no longer.
     */
    private static final int ORDERED_CHARACTERS = 500;

    /** It in SQL, of a table or subselect. */
    String of(String alias) {
        return alias + "." + name;
    }

    boolean isText() {
        return type == ColumnType.TEXT;
    }

    /** Whether an order looks at all of it: a unique text is in an index, which bounds it (to 2,704 bytes). */
    boolean isOrderedWhole() {
        return !isText() || unique;
    }

    /** What rows are ordered by. */
    String ordered(String alias) {
        return isOrderedWhole() ? of(alias) : "left(%s, %d)".formatted(of(alias), ORDERED_CHARACTERS);
    }

    /** The same as text, for a {@link Position}. */
    String key(String alias) {
        return type.keyText(ordered(alias));
    }

    /** The same of a value as PostgreSQL writes it: see {@link PlainRow}. */
    String keyOf(String plain) {
        String key = type.keyOf(plain);
        return isOrderedWhole() || key.codePointCount(0, key.length()) <= ORDERED_CHARACTERS
                ? key
                : key.substring(0, key.offsetByCodePoints(0, ORDERED_CHARACTERS));
    }

    /** Its value in a row of JSON. */
    String json(String alias) {
        String value = type.json(of(alias));
        return nullable ? "coalesce((" + value + ")::text, 'null')" : value;
    }

    /** Its value in a record of CSV. */
    String csv(String alias) {
        String value = isText() ? quoted(of(alias)) : type.text(of(alias));
        return nullable ? "coalesce(" + value + ", '')" : value;
    }

    /** A text as a quoted field of RFC 4180. */
    static String quoted(String text) {
        return "'\"' || replace(" + text + ", '\"', '\"\"') || '\"'";
    }

    /** Bytes of a text; reads no text that is stored out of line. As a bigint: two texts may exceed an integer. */
    String size(String alias) {
        String size = "octet_length(" + of(alias) + ")::bigint";
        return nullable ? "coalesce(" + size + ", 0)" : size;
    }
}
