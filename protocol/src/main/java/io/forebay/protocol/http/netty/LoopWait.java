package io.forebay.protocol.http.netty;

import org.jspecify.annotations.Nullable;

/// What the current request of a connection waits for on its event loop, without a thread: another server's reply, and
/// then the bytes of that. Counts as a request in flight.
final class LoopWait {
    private final Workers workers;
    private boolean begun;
    private @Nullable Asking asking;
    private @Nullable LoopPump pump;

    LoopWait(Workers workers) {
        this.workers = workers;
    }

    /// Whether another server may be asked; else the request's thread is refused.
    boolean isAdmitted() {
        return begun || !workers.full();
    }

    /// Whether the request waits here.
    boolean isBegun() {
        return begun;
    }

    /// Begins with what was asked.
    void begin(Asking asked) {
        begun = true;
        asking = asked;
        workers.enter();
    }

    /// Whether that is what the request waits for.
    boolean isFor(Asking asked) {
        return asking == asked;
    }

    /// Passes on the reply's bytes as they arrive.
    void pass(LoopPump passing) {
        pump = passing;
        passing.start();
    }

    /// There may be room for more bytes.
    void move() {
        if (pump != null) {
            pump.move();
        }
    }

    /// The request waits no longer: what it still waited for is given up.
    void end() {
        Asking asked = asking;
        LoopPump passing = pump;
        asking = null;
        pump = null;
        if (asked != null) {
            asked.cancel();
        }
        if (passing != null) {
            passing.close();
        }
        if (begun) {
            begun = false;
            workers.leave();
        }
    }
}
