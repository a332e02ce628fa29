package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A body of unknown length that ends in TOO_LARGE when it is longer than allowed.
final class BoundedBody implements Body {
    private final Body body;
    private final long maxBytes;
    private long taken;

    BoundedBody(Body body, long maxBytes) {
        this.body = body;
        this.maxBytes = maxBytes;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public boolean touched() {
        return body.touched();
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer bytes = body.next();
        if (bytes != null) {
            taken += bytes.remaining();
            if (taken > maxBytes) {
                throw new StoreException(
                        ErrorCode.TOO_LARGE, "Your proposed upload exceeds the maximum allowed size of " + maxBytes);
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        body.close();
    }
}
