package io.forebay.cluster;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.cluster")
                .may("state")
                .may("placement", "state")
                .may("codec", "state")
                .may("peer")
                .may("process", "state")
                .may("rule", "state")
                .may("raft", "state", "codec", "watch", "peer")
                .may("watch", "state", "codec")
                .only("state", "io.forebay.common")
                .only("placement", "io.forebay.common")
                .only("codec", "io.forebay.common")
                .check();
    }
}
