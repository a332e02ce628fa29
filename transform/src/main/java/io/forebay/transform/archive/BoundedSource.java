package io.forebay.transform.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.Refusal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// As many bytes as are said beforehand. Throws INVALID_ARGUMENT where they end before.
abstract class BoundedSource implements ByteSource {
    private final long length;
    private long left;

    BoundedSource(long length) {
        this.length = length;
        this.left = length;
    }

    /// The next bytes, at least one and at most so many; null at the end.
    abstract @Nullable ByteBuffer more(long max);

    @Override
    public final long length() {
        return length;
    }

    @Override
    public final @Nullable ByteBuffer next() {
        if (left == 0) {
            return null;
        }
        ByteBuffer piece = more(left);
        if (piece == null) {
            throw Refusal.truncated("inside a member");
        }
        left -= piece.remaining();
        return piece;
    }

    @Override
    public void close() {
        left = 0;
    }
}
