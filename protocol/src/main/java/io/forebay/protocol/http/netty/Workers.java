package io.forebay.protocol.http.netty;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// Starts the virtual threads of one server's requests, counts these and the requests that wait for another server on
/// their event loop, and waits for their end when it closes.
final class Workers {
    private static final System.Logger LOG = System.getLogger(Workers.class.getName());

    private final Admission admission;
    private final DirectMemory memory;
    private final LongAdder inFlight;

    Workers(int limit, DirectMemory memory, LongAdder inFlight) {
        this.admission = new Admission(limit);
        this.memory = memory;
        this.inFlight = inFlight;
    }

    /// Whether a further request would be one too many, by number or by the memory that buffers hold.
    boolean full() {
        return admission.full() || memory.spent();
    }

    /// A request begins to wait on its event loop.
    void enter() {
        inFlight.increment();
        admission.enter();
    }

    /// It waits no longer.
    void leave() {
        inFlight.decrement();
        admission.leave();
    }

    /// Starts work on a thread of its own; runs `otherwise` when it throws, which no work promises to do.
    Thread start(Runnable work, Runnable otherwise) {
        enter();
        return Thread.startVirtualThread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                LOG.log(System.Logger.Level.ERROR, "a request was dropped with its connection", e);
                otherwise.run();
            } finally {
                leave();
            }
        });
    }

    /// Waits until all have ended. False when that took longer.
    boolean awaitNone(Duration patience) {
        return admission.awaitNone(patience);
    }
}
