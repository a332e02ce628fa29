package io.forebay.storage.batch;

import io.forebay.common.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;

/// What is counted of batches while they are made.
final class BatchMeters {
    private final LongAdder objects;
    private final LongAdder members;
    private final LongAdder bytes;
    private final LongAdder missing;
    private final LongAdder failed;

    BatchMeters(Metrics metrics, String labels) {
        this.objects = metrics.counter(BatchMetric.OBJECTS, labels);
        this.members = metrics.counter(BatchMetric.MEMBERS, labels);
        this.bytes = metrics.counter(BatchMetric.BYTES, labels);
        this.missing = metrics.counter(BatchMetric.MISSING, labels);
        this.failed = metrics.counter(BatchMetric.FAILED, labels);
    }

    void item(BatchItem item, long size) {
        (item.member().isEmpty() ? objects : members).increment();
        bytes.add(size);
    }

    void missing() {
        missing.increment();
    }

    void failed() {
        failed.increment();
    }
}
