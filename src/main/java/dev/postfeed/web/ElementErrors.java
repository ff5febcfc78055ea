package dev.postfeed.web;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is wrong with the elements of an array: all of it, since all of it must be mended before any is stored. */
final class ElementErrors {

    /** More would tell nobody anything, and a body has room for a hundred thousand. */
    private static final int MOST = 100;

    private final Map<ProblemType, List<Problem.Violation>> errors = new EnumMap<>(ProblemType.class);

    void add(int index, Problem problem) {
        List<Problem.Violation> all = errors.computeIfAbsent(problem.type(), type -> new ArrayList<>());
        for (Problem.Violation error : problem.errors()) {
            if (all.size() < MOST) {
                all.add(new Problem.Violation("/" + index + error.pointer(), error.detail()));
            }
        }
    }

    /** @throws Problem with the errors of the first of these types that has any */
    void throwIfAny(ProblemType... types) {
        for (ProblemType type : types) {
            List<Problem.Violation> found = errors.get(type);
            if (found != null) {
                throw Problem.of(type, found);
            }
        }
    }
}
