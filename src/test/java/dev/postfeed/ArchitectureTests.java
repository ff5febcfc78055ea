package dev.postfeed;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages, and a few rules of the house that a compiler does not know. */
@AnalyzeClasses(packages = "dev.postfeed", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule arrows = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("user")
            .definedBy("dev.postfeed.user")
            .layer("post")
            .definedBy("dev.postfeed.post")
            .layer("feed")
            .definedBy("dev.postfeed.feed")
            .layer("query")
            .definedBy("dev.postfeed.query")
            .layer("web")
            .definedBy("dev.postfeed.web")
            .layer("database")
            .definedBy("dev.postfeed.database")
            .layer("limits")
            .definedBy("dev.postfeed.limits")
            .layer("security")
            .definedBy("dev.postfeed.security")
            .layer("replica")
            .definedBy("dev.postfeed.replica")
            .layer("tracing")
            .definedBy("dev.postfeed.tracing")
            .whereLayer("user")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("feed")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("post")
            .mayOnlyBeAccessedByLayers("feed")
            .whereLayer("database")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("limits")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("replica")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("security")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("web")
            .mayOnlyBeAccessedByLayers("user", "post", "feed", "security", "limits", "replica")
            .whereLayer("query")
            .mayOnlyBeAccessedByLayers("user", "post", "feed", "security", "web", "replica")
            .whereLayer("query")
            .mayNotAccessAnyLayer()
            .whereLayer("database")
            .mayNotAccessAnyLayer()
            .whereLayer("tracing")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("tracing")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.postfeed.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule everyClassHasARoom = classes()
            .that()
            .haveNameNotMatching("dev\\.postfeed\\.(Application|package-info)")
            .should()
            .resideInAnyPackage(
                    "dev.postfeed.user",
                    "dev.postfeed.post",
                    "dev.postfeed.feed",
                    "dev.postfeed.query",
                    "dev.postfeed.web",
                    "dev.postfeed.database",
                    "dev.postfeed.limits",
                    "dev.postfeed.replica",
                    "dev.postfeed.security",
                    "dev.postfeed.tracing");

    @ArchTest
    static final ArchRule queryKnowsNoWebAndNoDatabase = noClasses()
            .that()
            .resideInAPackage("dev.postfeed.query")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "io.r2dbc..", "reactor..", "io.netty..");

    @ArchTest
    static final ArchRule onlyDatabaseSpeaksJdbc = noClasses()
            .that()
            .resideOutsideOfPackage("dev.postfeed.database")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule nobodyBlocks = noClasses()
            .should()
            .callMethodWhere(target(nameMatching("block|blockFirst|blockLast|toIterable|toStream"))
                    .and(target(owner(resideInAPackage("reactor.core.publisher")))));
}
