package io.forebay.storage.batch;

import io.forebay.cluster.process.Statistic;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.batch.BatchEntry;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The batches of a node: as many at once as are allowed, with one bound of memory. Safe to share between
/// threads.
public final class Batches {
    private final BatchConfig config;
    private final Semaphore free;
    private final Semaphore memory;
    private final ItemBytes.Retry retry;
    private final BatchMeters meters;
    private final InstantSource clock;
    private final LongAdder refused;

    public Batches(BatchConfig config, InstantSource clock, Ticker ticker, Metrics metrics, String labels) {
        this.config = config;
        this.clock = clock;
        this.free = new Semaphore(config.maxBatches());
        int ahead = (int) Math.min(config.memory().bytes() / ItemQueue.GROUP_BYTES, Integer.MAX_VALUE);
        this.memory = new Semaphore(ahead);
        this.retry =
                new ItemBytes.Retry(config.patience().toNanos(), ticker, metrics.counter(BatchMetric.RETRIES, labels));
        this.meters = new BatchMeters(metrics, labels);
        this.refused = metrics.counter(BatchMetric.REFUSED, labels);
        metrics.gauge(BatchMetric.RUNNING, labels, () -> config.maxBatches() - free.availablePermits());
        metrics.gauge(
                BatchMetric.AHEAD_BYTES,
                labels,
                () -> (long) (ahead - memory.availablePermits()) * ItemQueue.GROUP_BYTES);
    }

    /// Where the counts are kept that AIStore has names for.
    public Map<Statistic, LongSupplier> byAistoresNames() {
        return meters.byAistoresNames();
    }

    /// How large an archive may be that is not streamed.
    public int maxWholeBytes() {
        return (int) config.maxWhole().bytes();
    }

    /// When members of a batch that begins now were modified, in milliseconds since the epoch.
    public long nowMillis() {
        return clock.millis();
    }

    /// The format of a batch; tar where it says none. Throws INVALID_ARGUMENT.
    public static ArchiveFormat format(BatchRequest request) {
        return request.mime().isEmpty() ? ArchiveFormat.TAR : ArchiveFormat.ofHint(request.mime());
    }

    /// Begins a batch; the caller closes it. Throws BUSY when as many as allowed are being assembled,
    /// INVALID_ARGUMENT and RANGE_NOT_SATISFIABLE for entries that mean nothing, TOO_LARGE for too many of
    /// them, UNSUPPORTED for a format that is none.
    ///
    /// @param fallback the bucket of entries that name none, or null
    /// @param modifiedMillis of all members, in milliseconds since the epoch
    public BatchStream begin(
            BatchRequest request, @Nullable BucketName fallback, ItemReader reader, long modifiedMillis) {
        if (request.entries().size() > config.maxEntries()) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "a batch of " + request.entries().size() + " entries has more than " + config.maxEntries()
                            + " (limit max-entries)");
        }
        List<BatchItem> items = new ArrayList<>(request.entries().size());
        for (BatchEntry entry : request.entries()) {
            items.add(BatchItem.of(entry, fallback, request.onlyObjectNames()));
        }
        ArchiveFormat format = format(request);
        if (!free.tryAcquire()) {
            refused.increment();
            throw new StoreException(
                    ErrorCode.BUSY, "Too Many Requests: " + config.maxBatches() + " batches are being assembled");
        }
        meters.begun();
        return new BatchStream(
                new ItemQueue(items, reader, config.ahead(), memory, retry),
                format,
                new ArchiveOutput(format, modifiedMillis),
                request.continuesOnError(),
                config.maxMissing(),
                meters,
                free::release);
    }
}
