package io.forebay.common.model;

import io.forebay.common.error.Check;

/// A run of bytes inside an object: offset and length, both in bytes, never empty.
public record ByteRange(long offset, long length) {
    public ByteRange {
        Check.argument(offset >= 0 && length > 0, "invalid byte range at %s of %s bytes", offset, length);
    }

    /// The offset of the last byte.
    public long last() {
        return offset + length - 1;
    }
}
