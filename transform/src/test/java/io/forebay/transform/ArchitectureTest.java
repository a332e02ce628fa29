package io.forebay.transform;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.transform")
                .may("archive.model")
                .may("archive.tar", "archive.model")
                .may("archive.zip", "archive.model")
                .may("archive.packed", "archive.model")
                .may("archive.index", "archive.model")
                .may("archive", "archive.model", "archive.tar", "archive.zip", "archive.packed", "archive.index")
                .check();
    }
}
