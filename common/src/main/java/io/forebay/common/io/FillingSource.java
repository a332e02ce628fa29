package io.forebay.common.io;

import java.nio.ByteBuffer;

/// A source that can put its bytes where they are wanted, which spares a copy of each.
public interface FillingSource extends ByteSource {
    /// Puts the next bytes into a buffer: as many as there is room for, or all that are left. False when
    /// there were none left. Throws as `next` does; what was put into the buffer then is of no use.
    boolean fill(ByteBuffer target);
}
