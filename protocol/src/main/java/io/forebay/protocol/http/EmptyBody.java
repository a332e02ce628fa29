package io.forebay.protocol.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A body of length 0.
final class EmptyBody implements Body {
    static final EmptyBody INSTANCE = new EmptyBody();

    private EmptyBody() {}

    @Override
    public long length() {
        return 0;
    }

    @Override
    public @Nullable ByteBuffer next() {
        return null;
    }

    @Override
    public boolean touched() {
        return false;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
