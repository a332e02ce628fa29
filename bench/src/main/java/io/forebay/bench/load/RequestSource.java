package io.forebay.bench.load;

import java.nio.ByteBuffer;

/// Writes the requests of a load, one after the other, for one thread.
@FunctionalInterface
public interface RequestSource {
    /// Appends one whole request, head and body, to the buffer and says of what kind it is.
    Operation next(ByteBuffer target);
}
