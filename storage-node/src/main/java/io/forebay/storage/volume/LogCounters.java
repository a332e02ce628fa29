package io.forebay.storage.volume;

import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import java.util.concurrent.atomic.LongAdder;

/// What the log counts, found once.
record LogCounters(
        String volume,
        Ticker ticker,
        LongAdder commits,
        LongAdder groups,
        LongAdder logBytes,
        Histogram commitTime,
        Histogram syncTime) {
    static LogCounters of(String volume, String labels, Ticker ticker, Metrics metrics) {
        return new LogCounters(
                volume,
                ticker,
                metrics.counter(StorageMetric.COMMITS, labels),
                metrics.counter(StorageMetric.GROUPS, labels),
                metrics.counter(StorageMetric.LOG_BYTES, labels),
                metrics.histogram(StorageMetric.COMMIT_TIME, labels),
                metrics.histogram(StorageMetric.LOG_SYNC_TIME, labels));
    }
}
