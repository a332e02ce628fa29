package io.forebay.common;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.common")
                .may("model", "error")
                .may("error")
                .may("io", "error", "model")
                .may("time")
                .may("lifecycle")
                .may("metrics", "time")
                .may("config", "error")
                .may("seal", "config", "error")
                .check();
    }
}
