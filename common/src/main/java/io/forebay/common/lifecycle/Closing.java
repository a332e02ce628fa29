package io.forebay.common.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Closes many things in the reverse order of their adding; every one is closed and every failure kept.
public final class Closing implements AutoCloseable {
    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();

    /// Adds a thing and gives it back, so that it can be created in the same expression.
    public synchronized <T extends AutoCloseable> T add(T closeable) {
        closeables.push(closeable);
        return closeable;
    }

    /// Throws the first failure with the later ones suppressed in it.
    @Override
    public void close() {
        RuntimeException first = null;
        for (AutoCloseable next = poll(); next != null; next = poll()) {
            try {
                next.close();
            } catch (Exception failure) {
                if (failure instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (first == null) {
                    first = failure instanceof RuntimeException unchecked
                            ? unchecked
                            : new IllegalStateException("closing failed: " + failure.getMessage(), failure);
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private synchronized @Nullable AutoCloseable poll() {
        return closeables.poll();
    }
}
