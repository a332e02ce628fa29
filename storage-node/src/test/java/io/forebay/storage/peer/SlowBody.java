package io.forebay.storage.peer;

import io.forebay.protocol.http.Body;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A body whose last bytes come when a test lets them.
final class SlowBody implements Body {
    private final byte[] bytes;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private int given;

    SlowBody(String text) {
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    void awaitFirst() throws InterruptedException {
        begun.await();
    }

    void finish() {
        finished.countDown();
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        given++;
        if (given == 1) {
            return ByteBuffer.wrap(bytes, 0, 1);
        }
        begun.countDown();
        try {
            finished.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return given == 2 ? ByteBuffer.wrap(bytes, 1, bytes.length - 1) : null;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
