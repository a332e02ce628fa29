package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A source that does something more when it is closed.
///
/// @param whenClosed lets go of what the source reads from
record ClosingSource(ByteSource source, Runnable whenClosed) implements ByteSource {
    @Override
    public long length() {
        return source.length();
    }

    @Override
    public @Nullable ByteBuffer next() {
        return source.next();
    }

    @Override
    public void close() {
        try {
            source.close();
        } finally {
            whenClosed.run();
        }
    }
}
