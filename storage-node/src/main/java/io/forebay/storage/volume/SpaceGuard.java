package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Keeps a volume from filling its disk: refuses writes below the reserve.
///
/// Asks the disk at most every 200 ms; between, what was admitted counts as used.
public final class SpaceGuard {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Disk disk;
    private final VolumeConfig config;
    private final Ticker ticker;
    private final LongAdder refused;
    private final AtomicLong nextCheck;
    private final AtomicLong available = new AtomicLong();

    SpaceGuard(Disk disk, VolumeConfig config, String labels, Ticker ticker, Metrics metrics) {
        this.disk = disk;
        this.config = config;
        this.ticker = ticker;
        this.refused = metrics.counter(StorageMetric.REFUSED_NO_SPACE, labels);
        // Before the first writers come: they would find no space while one of them asks the disk.
        this.nextCheck = new AtomicLong(ticker.nanos() + INTERVAL_NANOS);
        measure();
        metrics.gauge(StorageMetric.FREE_BYTES, labels, this::knownFreeBytes);
    }

    /// As `availableBytes`, and what was known last when the disk does not tell any more.
    public long knownFreeBytes() {
        try {
            return availableBytes();
        } catch (StoreException e) {
            return Math.max(0, available.get());
        }
    }

    /// As `totalBytes`, and 0 when the disk does not tell any more.
    public long knownTotalBytes() {
        try {
            return totalBytes();
        } catch (StoreException e) {
            return 0;
        }
    }

    /// As `reserveBytes`, and 0 when the disk does not tell any more.
    public long knownReserveBytes() {
        try {
            return reserveBytes();
        } catch (StoreException e) {
            return 0;
        }
    }

    /// Admits a write of about that many bytes. Throws NO_SPACE.
    public void admit(long bytes) {
        if (!tryAdmit(bytes)) {
            throw refusal(bytes);
        }
    }

    /// Admits a write of about that many bytes, or says no.
    public boolean tryAdmit(long bytes) {
        refresh();
        if (available.get() < bytes || available.get() <= 0) {
            return false;
        }
        available.addAndGet(-bytes);
        return true;
    }

    /// The refusal of a write of that many bytes, counted.
    public StoreException refusal(long bytes) {
        refused.increment();
        return new StoreException(
                ErrorCode.NO_SPACE,
                "volume " + disk + " has no space for " + bytes + " bytes above its reserve of " + reserveBytes()
                        + " bytes (settings reserve and reserve-limit)");
    }

    /// What may be written before the reserve begins.
    public long availableBytes() {
        refresh();
        return Math.max(0, available.get());
    }

    public long totalBytes() {
        try {
            return disk.totalBytes();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot ask the size of " + disk, e);
        }
    }

    /// What is left free of the disk.
    public long reserveBytes() {
        try {
            return reserve();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot ask the size of " + disk, e);
        }
    }

    private void refresh() {
        long now = ticker.nanos();
        long next = nextCheck.get();
        if (now - next < 0 || !nextCheck.compareAndSet(next, now + INTERVAL_NANOS)) {
            return;
        }
        measure();
    }

    private void measure() {
        try {
            available.set(disk.freeBytes() - reserve());
        } catch (IOException e) {
            throw VolumeFailure.of("cannot ask the free space of " + disk, e);
        }
    }

    private long reserve() throws IOException {
        return Math.min(
                config.reserve().of(disk.totalBytes()), config.reserveLimit().bytes());
    }
}
