package io.forebay.storage;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.storage")
                .may(
                        "http",
                        "info",
                        "object",
                        "listing",
                        "multipart",
                        "archive",
                        "batch",
                        "transform",
                        "job",
                        "peer",
                        "rebalance",
                        "backend",
                        "crypto",
                        "metadata",
                        "volume")
                .may("info", "object")
                .may("object", "crypto", "metadata", "volume", "backend")
                .may("listing", "object", "peer", "metadata", "backend")
                .may("multipart", "object", "crypto", "metadata", "volume")
                .may("archive", "object", "metadata")
                .may("batch", "object", "archive", "peer")
                .may("transform", "object")
                .may("job", "object", "listing", "archive", "transform", "peer", "metadata")
                .may("peer", "object", "metadata")
                .may("rebalance", "peer", "object", "metadata")
                .may("lifecycle", "peer", "object", "metadata")
                .may("notification", "object", "metadata")
                .may("backend")
                .may("crypto", "metadata")
                .may("metadata")
                .may("volume")
                .check();
    }
}
