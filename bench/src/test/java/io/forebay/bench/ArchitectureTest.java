package io.forebay.bench;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.bench")
                .may("micro")
                .may("engine")
                .may("load")
                .may("scenario", "load")
                .may("cluster", "load", "scenario")
                .may("storage", "load", "scenario")
                .may("feed", "load", "scenario")
                .may("s3", "load", "scenario", "storage")
                .check();
    }
}
