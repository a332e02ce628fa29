package io.forebay.common.io;

import io.forebay.common.model.Checksum;
import java.nio.ByteBuffer;

/// A running checksum. For one thread at a time; not reusable after `finish`.
public interface Checksummer {
    /// Takes all remaining bytes, leaving the buffer's position and limit as they were.
    void update(ByteBuffer bytes);

    /// The checksum of all bytes taken.
    Checksum finish();
}
