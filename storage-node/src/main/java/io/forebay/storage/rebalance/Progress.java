package io.forebay.storage.rebalance;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.control.Rebalance;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// How far a node is with one epoch's objects. Safe to share between threads.
final class Progress {
    private final LongAdder allObjects;
    private final LongAdder allBytes;
    private final LongAdder failures;
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private volatile boolean done;

    Progress(Metrics metrics, String labels) {
        this.allObjects = metrics.counter(RebalanceMetric.OBJECTS, labels);
        this.allBytes = metrics.counter(RebalanceMetric.BYTES, labels);
        this.failures = metrics.counter(RebalanceMetric.FAILURES, labels);
        metrics.gauge(RebalanceMetric.LEFT_BYTES, labels, left::get);
        metrics.gauge(RebalanceMetric.EPOCH, labels, epoch::get);
        metrics.gauge(RebalanceMetric.DONE, labels, () -> done ? 1 : 0);
    }

    /// Begins with an epoch, anew or once more.
    void begin(long next) {
        if (epoch.getAndSet(next) != next) {
            objects.set(0);
            bytes.set(0);
        }
        left.set(0);
        done = false;
    }

    /// Says that so many bytes are to be moved as well.
    void expect(long more) {
        left.addAndGet(more);
    }

    void moved(long size) {
        objects.incrementAndGet();
        bytes.addAndGet(size);
        left.addAndGet(-size);
        allObjects.increment();
        allBytes.add(size);
    }

    void failed() {
        failures.increment();
    }

    /// Says that everything of the epoch is where it belongs.
    void end() {
        left.set(0);
        done = true;
    }

    Rebalance report() {
        return new Rebalance(epoch.get(), done, objects.get(), bytes.get(), Math.max(0, left.get()));
    }
}
