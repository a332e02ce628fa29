package io.forebay.transform;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.transform").may("archive").check();
    }
}
