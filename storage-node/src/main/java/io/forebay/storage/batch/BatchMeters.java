package io.forebay.storage.batch;

import io.forebay.cluster.process.Statistic;
import io.forebay.common.metrics.Metrics;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// What is counted of batches while they are made.
final class BatchMeters {
    private final LongAdder begun;
    private final LongAdder objects;
    private final LongAdder members;
    private final LongAdder bytes;
    private final LongAdder memberBytes;
    private final LongAdder missing;
    private final LongAdder failed;

    BatchMeters(Metrics metrics, String labels) {
        this.begun = metrics.counter(BatchMetric.BATCHES, labels);
        this.objects = metrics.counter(BatchMetric.OBJECTS, labels);
        this.members = metrics.counter(BatchMetric.MEMBERS, labels);
        this.bytes = metrics.counter(BatchMetric.BYTES, labels);
        this.memberBytes = metrics.counter(BatchMetric.MEMBER_BYTES, labels);
        this.missing = metrics.counter(BatchMetric.MISSING, labels);
        this.failed = metrics.counter(BatchMetric.FAILED, labels);
    }

    void begun() {
        begun.increment();
    }

    void item(BatchItem item, long size) {
        bytes.add(size);
        if (item.member().isEmpty()) {
            objects.increment();
        } else {
            members.increment();
            memberBytes.add(size);
        }
    }

    void missing() {
        missing.increment();
    }

    void failed() {
        failed.increment();
    }

    /// Where the counts are kept that AIStore has names for.
    Map<Statistic, LongSupplier> byAistoresNames() {
        return Map.of(
                Statistic.BATCH_COUNT, begun::sum,
                Statistic.BATCH_OBJECTS, objects::sum,
                Statistic.BATCH_MEMBERS, members::sum,
                Statistic.BATCH_OBJECT_SIZE, () -> bytes.sum() - memberBytes.sum(),
                Statistic.BATCH_MEMBER_SIZE, memberBytes::sum,
                Statistic.BATCH_ERRORS, failed::sum,
                Statistic.BATCH_MISSING, missing::sum);
    }
}
