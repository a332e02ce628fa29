package io.forebay.system;

import io.forebay.architecture.Architecture;
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
}
