package io.forebay.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.forebay.architecture.Architecture;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.system")
                .may("server")
                .may("crash", "server")
                .may("history", "server")
                .may("process", "server")
                .may("owners", "history", "server")
                .may("simulation", "server")
                .may("scenario", "history", "process", "server")
                .check();
    }

    /// Who may serve a key is decided by clocks that nobody sets: the wall clock may jump.
    @Test
    void leasesAndEpochsDoNotReadTheWallClock() {
        noClasses()
                .that()
                .resideInAnyPackage("io.forebay.cluster.watch..", "io.forebay.storage.peer..")
                .or()
                .haveFullyQualifiedName("io.forebay.gateway.control.Supervision")
                .or()
                .haveFullyQualifiedName("io.forebay.gateway.control.Supervisor")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Instant.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages(
                                "io.forebay.cluster.watch", "io.forebay.storage.peer", "io.forebay.gateway.control"));
    }
}
