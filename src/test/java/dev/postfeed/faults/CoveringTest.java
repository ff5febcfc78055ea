package dev.postfeed.faults;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** A method that {@link Covers} marks, by itself or by its class. */
record CoveringTest(String name, Set<Fault> faults) {

    private static final String HERE = "dev.postfeed";

    static String name(Class<?> type, Method method) {
        return type.getSimpleName() + "." + method.getName();
    }

    /** All there are, by name. */
    static List<CoveringTest> all() {
        return ReflectionSupport.findAllClassesInPackage(HERE, type -> true, name -> name.contains("Tests")).stream()
                .flatMap(type -> ReflectionSupport.findMethods(
                                type,
                                method -> AnnotationSupport.isAnnotated(method, Testable.class),
                                HierarchyTraversalMode.TOP_DOWN)
                        .stream()
                        .map(method -> new CoveringTest(name(type, method), faults(type, method))))
                .filter(test -> !test.faults.isEmpty())
                .sorted(Comparator.comparing(CoveringTest::name))
                .toList();
    }

    static Set<Fault> faults(Class<?> type, Method method) {
        Set<Fault> faults = new TreeSet<>();
        AnnotationSupport.findAnnotation(type, Covers.class)
                .ifPresent(covers -> faults.addAll(Arrays.asList(covers.value())));
        AnnotationSupport.findAnnotation(method, Covers.class)
                .ifPresent(covers -> faults.addAll(Arrays.asList(covers.value())));
        return faults;
    }
}
