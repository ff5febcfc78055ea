package dev.postfeed.query;

import java.util.ArrayList;
import java.util.List;

/** The values of a statement while it is written. */
final class Binds {

    private final List<Object> values = new ArrayList<>();

    /** Takes a value; its place in the SQL. */
    String add(Object value) {
        values.add(value);
        return "$" + values.size();
    }

    List<Object> values() {
        return values;
    }
}
