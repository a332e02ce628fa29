package io.forebay.storage.rebalance;

import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.control.Rebalance;
import java.time.InstantSource;
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
    private final AtomicLong objectsGiven = new AtomicLong();
    private final AtomicLong bytesGiven = new AtomicLong();
    private final Remainder remainder = new Remainder();
    private final InstantSource clock;
    private volatile long startedMillis;
    private volatile long endedMillis;
    private volatile boolean done;

    Progress(InstantSource clock, Metrics metrics, String labels) {
        this.clock = clock;
        this.allObjects = metrics.counter(RebalanceMetric.OBJECTS, labels);
        this.allBytes = metrics.counter(RebalanceMetric.BYTES, labels);
        this.failures = metrics.counter(RebalanceMetric.FAILURES, labels);
        metrics.gauge(RebalanceMetric.LEFT_BYTES, labels, remainder::bytes);
        metrics.gauge(RebalanceMetric.EPOCH, labels, epoch::get);
        metrics.gauge(RebalanceMetric.DONE, labels, () -> done ? 1 : 0);
    }

    /// Begins with an epoch, anew or once more.
    void begin(long next) {
        if (epoch.getAndSet(next) != next) {
            objects.set(0);
            bytes.set(0);
            objectsGiven.set(0);
            bytesGiven.set(0);
            startedMillis = clock.millis();
        }
        remainder.begin();
        endedMillis = 0;
        done = false;
    }

    /// What is still to be moved.
    Remainder remainder() {
        return remainder;
    }

    /// Says that something was brought here.
    void brought(long size) {
        moved(size);
    }

    /// Says that something was given to its other holders.
    void given(long size) {
        objectsGiven.incrementAndGet();
        bytesGiven.addAndGet(size);
        moved(size);
    }

    private void moved(long size) {
        objects.incrementAndGet();
        bytes.addAndGet(size);
        remainder.moved(size);
        allObjects.increment();
        allBytes.add(size);
    }

    void failed() {
        failures.increment();
    }

    /// Says that everything of the epoch is where it belongs.
    void end() {
        remainder.begin();
        endedMillis = clock.millis();
        done = true;
    }

    Rebalance report() {
        return new Rebalance(
                epoch.get(),
                done,
                objects.get(),
                bytes.get(),
                remainder.bytes(),
                objectsGiven.get(),
                bytesGiven.get(),
                startedMillis,
                endedMillis);
    }
}
