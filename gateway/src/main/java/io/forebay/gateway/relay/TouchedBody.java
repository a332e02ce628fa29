package io.forebay.gateway.relay;

import io.forebay.protocol.http.Body;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A body that knows whether any of it was asked for: an untouched one can be sent to another node.
final class TouchedBody implements Body {
    private final Body body;
    private volatile boolean touched;

    TouchedBody(Body body) {
        this.body = body;
    }

    @Override
    public boolean touched() {
        return touched;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public @Nullable ByteBuffer next() {
        touched = true;
        return body.next();
    }

    @Override
    public void close() {
        body.close();
    }
}
