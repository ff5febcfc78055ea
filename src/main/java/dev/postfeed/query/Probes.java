package dev.postfeed.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The probes that a statement makes of each row, each once. What it found is a text of one character a probe: {@code t},
 * {@code f}, or {@code n} for null.
 */
public final class Probes {

    /** Of a statement that is asked for nothing but rows. */
    public static final Probes NONE = new Probes(List.of());

    /** Makes the marks of all probes that compare one column by one operator: see {@link #sql}. */
    private static final String MARKS = """
            (select string_agg(case %s when true then 't' when false then 'f' else 'n' end, '' order by v.n)\
             from unnest(%s::text[]) with ordinality v(x, n))""";

    /** Those of a column and operator together. */
    private final List<List<Filter.Condition>> kinds;

    private final Map<Probe, Integer> places = new HashMap<>();

    private record Kind(Column column, Operator operator) {}

    private Probes(Collection<Probe> probes) {
        Map<Kind, List<Probe>> byKind = probes.stream()
                .distinct()
                .collect(Collectors.groupingBy(
                        probe -> new Kind(
                                probe.condition().column(), probe.condition().operator()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<List<Filter.Condition>> conditions = new ArrayList<>();
        for (List<Probe> kind : byKind.values()) {
            kind.forEach(probe -> places.put(probe, places.size()));
            conditions.add(kind.stream().map(Probe::condition).toList());
        }
        kinds = List.copyOf(conditions);
    }

    /** The same probes in whatever number; of two that are equal, one. */
    public static Probes of(Collection<Probe> probes) {
        return probes.isEmpty() ? NONE : new Probes(probes);
    }

    /** How many. */
    public int size() {
        return places.size();
    }

    /** Whether all of some are among these. */
    public boolean covers(Set<Probe> probes) {
        return places.keySet().containsAll(probes);
    }

    /**
     * What one of them found in a row, null being SQL's null.
     *
     * @param marks the text of that row
     * @throws IllegalArgumentException for a probe that is none of these, or marks of others
     */
    public @Nullable Boolean result(String marks, Probe probe) {
        Integer place = places.get(probe);
        if (place == null || marks.length() != places.size()) {
            throw new IllegalArgumentException("this statement did not ask for " + probe);
        }
        return switch (marks.charAt(place)) {
            case 't' -> Boolean.TRUE;
            case 'f' -> Boolean.FALSE;
            case 'n' -> null;
            default -> throw new IllegalArgumentException("marks have t, f and n only");
        };
    }

    /**
     * SQL for the marks of a row. Values are bound as an array, so that the statement is the same whoever comes and
     * goes: a server keeps one that was prepared.
     */
    String sql(String alias, Binds binds) {
        return kinds.isEmpty()
                ? "''"
                : kinds.stream().map(kind -> marks(kind, alias, binds)).collect(Collectors.joining(" || "));
    }

    private static String marks(List<Filter.Condition> kind, String alias, Binds binds) {
        Filter.Condition any = kind.get(0);
        String[] values = kind.stream().map(Probes::value).toArray(String[]::new);
        return MARKS.formatted(any.comparison(alias, operand(any)), binds.add(values));
    }

    private static String operand(Filter.Condition condition) {
        ColumnType type = condition.column().type();
        return condition.operator() == Operator.IN ? "(v.x::text[]" + type.arrayCast() + ")" : "v.x" + type.cast();
    }

    /** Lists have no one length, so PostgreSQL gets each as the text of an array. */
    private static String value(Filter.Condition condition) {
        return condition.operator() == Operator.IN
                ? condition.values().stream()
                        .map(value -> "\"" + value.toString().replaceAll("[\"\\\\]", "\\\\$0") + "\"")
                        .collect(Collectors.joining(",", "{", "}"))
                : condition.values().get(0).toString();
    }
}
