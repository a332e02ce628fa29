package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stored bytes on their way to a reader, which tell when they turn out to be damaged: by then the reply has begun.
final class WatchedSource implements ByteSource {
    private final ByteSource source;
    private final Consumer<String> damaged;

    /// @param damaged is told what was found
    WatchedSource(ByteSource source, Consumer<String> damaged) {
        this.source = source;
        this.damaged = damaged;
    }

    @Override
    public long length() {
        return source.length();
    }

    @Override
    public @Nullable ByteBuffer next() {
        try {
            return source.next();
        } catch (StoreException e) {
            if (e.code() == ErrorCode.CORRUPT) {
                damaged.accept(e.text());
            }
            throw e;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
