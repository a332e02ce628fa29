package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Tries again what a start asks of the cluster while nobody leads it, or whoever does fails in passing: until the
/// patience (`join.patience`) is over.
final class StartPatience {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Duration patience;

    StartPatience(Duration patience) {
        this.patience = patience;
    }

    /// What the question gives. Throws a refusal at once, and the last failure when the time is over.
    <T> T ask(Supplier<T> question) {
        long deadline = Ticker.SYSTEM.nanos() + patience.toNanos();
        while (true) {
            try {
                return question.get();
            } catch (StoreException e) {
                if (!mayPass(e) || Ticker.SYSTEM.nanos() - deadline >= 0) {
                    throw e;
                }
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /// Whether the same question may be answered a little later. IN_USE names what stands against it, which stays.
    private static boolean mayPass(StoreException failure) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        return switch (failure.code().retry()) {
            case NEVER -> failure.code() == ErrorCode.DEADLINE_EXCEEDED || failure.code() == ErrorCode.INTERNAL;
            case SAME_NODE_LATER, AFTER_REFRESH, OTHER_NODE -> failure.code() != ErrorCode.IN_USE;
        };
    }
}
