package io.forebay.protocol.http.netty;

import io.forebay.common.config.Ratio;
import io.netty.util.internal.PlatformDependent;

/// How much of the process's direct memory the buffers of all connections hold, against a share of it.
///
/// Looked up at most every tenth of a second: the pool counts by walking through its chunks.
final class DirectMemory {
    private static final long LOOK_NANOS = 100_000_000;

    private final long limit;
    private volatile boolean spent;
    private volatile long looked;

    DirectMemory(Ratio share) {
        this.limit = share.of(PlatformDependent.maxDirectMemory());
        this.looked = System.nanoTime() - LOOK_NANOS;
    }

    /// Whether the share is used up, so that nothing more should be begun that needs buffers.
    boolean spent() {
        long now = System.nanoTime();
        if (now - looked >= LOOK_NANOS) {
            looked = now;
            spent = EventLoops.allocator().pinnedDirectMemory() > limit;
        }
        return spent;
    }
}
