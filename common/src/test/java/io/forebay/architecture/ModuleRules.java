package io.forebay.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What holds in every module: libraries stay in their package, packages form no cycle, names say what things are, and
/// only an entry reads the environment.
final class ModuleRules {

    /// Libraries by the prefix of their packages, and the only packages of ours that may know them.
    private static final Map<String, List<String>> CONFINED = Map.ofEntries(
            Map.entry("com.dynatrace.hash4j", List.of("io.forebay.common.io")),
            Map.entry("io.netty", List.of("io.forebay.protocol.http.netty")),
            Map.entry("io.vertx", List.of("io.forebay.protocol.http.vertx")),
            Map.entry("tools.jackson", List.of("io.forebay.protocol.api", "io.forebay.cluster.codec")),
            Map.entry("com.fasterxml.jackson", List.of("io.forebay.protocol.api")),
            Map.entry("org.msgpack", List.of("io.forebay.protocol.api")),
            Map.entry("org.apache.ratis", List.of("io.forebay.cluster.raft")),
            Map.entry("org.rocksdb", List.of("io.forebay.storage.metadata", "io.forebay.bench.storage")),
            Map.entry("io.grpc", List.of("io.forebay.gateway.api.reapi")),
            Map.entry("com.google.protobuf", List.of("io.forebay.gateway.api.reapi")),
            Map.entry("software.amazon", List.of("io.forebay.storage.backend")),
            Map.entry("org.apache.commons.compress", List.of("io.forebay.transform")),
            Map.entry("net.jpountz", List.of("io.forebay.transform")),
            Map.entry("com.google.re2j", List.of("io.forebay.transform")),
            Map.entry("picocli", List.of("io.forebay.app")),
            Map.entry("org.openjdk.jmh", List.of("io.forebay.bench")));

    private static final List<String> VAGUE_SUFFIXES =
            List.of("Utils", "Util", "Impl", "Helper", "Helpers", "Manager", "Processor");

    private static final Set<String> ENVIRONMENT_READERS = Set.of(
            "java.lang.System.getProperty",
            "java.lang.System.getProperties",
            "java.lang.System.getenv",
            "java.lang.Boolean.getBoolean",
            "java.lang.Integer.getInteger",
            "java.lang.Long.getLong");

    private ModuleRules() {}

    /// Adds one line per violation.
    static void check(JavaClasses classes, Set<String> violations) {
        Stream<ArchRule> everywhere = Stream.of(noCycles(), noVagueNames(), noEnvironmentOutsideEntries());
        Stream<ArchRule> libraries = CONFINED.keySet().stream().map(ModuleRules::confinement);
        Stream.concat(everywhere, libraries).forEach(rule -> {
            for (String detail : rule.evaluate(classes).getFailureReport().getDetails()) {
                violations.add(rule.getDescription() + ": " + detail);
            }
        });
    }

    private static ArchRule noCycles() {
        return SlicesRuleDefinition.slices()
                .matching("io.forebay.*.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    private static ArchRule noVagueNames() {
        return noClasses()
                .should()
                .haveNameMatching(".*(" + String.join("|", VAGUE_SUFFIXES) + ")")
                .as("a name says what a thing is, so no class ends in " + VAGUE_SUFFIXES)
                .allowEmptyShould(true);
    }

    private static ArchRule noEnvironmentOutsideEntries() {
        DescribedPredicate<JavaMethodCall> readsEnvironment = describe(
                "reads the environment",
                call -> ENVIRONMENT_READERS.contains(
                        call.getTargetOwner().getName() + "." + call.getTarget().getName()));
        DescribedPredicate<JavaClass> entry = describe("an entry", ModuleRules::isEntry);
        return noClasses()
                .that(DescribedPredicate.not(entry))
                .should()
                .callMethodWhere(readsEnvironment)
                .as("only a class named …Main reads properties and environment variables")
                .allowEmptyShould(true);
    }

    private static boolean isEntry(JavaClass type) {
        return type.getSimpleName().endsWith("Main")
                || type.getEnclosingClass().map(ModuleRules::isEntry).orElse(false);
    }

    private static ArchRule confinement(String library) {
        String[] homes = CONFINED.getOrDefault(library, List.of()).stream()
                .map(home -> home + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library + "..")
                .as("only " + String.join(", ", homes) + " knows " + library)
                .allowEmptyShould(true);
    }
}
