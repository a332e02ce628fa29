package io.forebay.storage.archive;

import io.forebay.common.metrics.Metrics;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The indexes of archives that were read lately, with their tables, in a bound of memory: the one that was
/// read longest ago leaves first. Safe to share between threads.
final class OpenedIndexes {
    /// What an entry takes beside its table.
    private static final int ENTRY_BYTES = 256;
    /// Nothing is read through what is kept.
    private static final SeekableBytes NONE = SeekableBytes.of(ByteBuffer.allocate(0));

    private final long maxBytes;
    private final LongAdder missed;
    private final LongAdder dropped;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Object, MemberIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);
    private final AtomicLong bytes = new AtomicLong();

    OpenedIndexes(long maxBytes, Metrics metrics, String labels) {
        this.maxBytes = maxBytes;
        this.missed = metrics.counter(ArchiveMetric.TABLES_MISSED, labels);
        this.dropped = metrics.counter(ArchiveMetric.TABLES_DROPPED, labels);
        metrics.gauge(ArchiveMetric.TABLE_BYTES, labels, bytes::get);
    }

    /// The index in these bytes, opened now or before. Throws as `MemberIndex.open` does.
    ///
    /// @param identity of the bytes
    MemberIndex open(Object identity, SeekableBytes source) {
        MemberIndex known = find(identity);
        if (known != null) {
            return known.over(source);
        }
        missed.increment();
        MemberIndex opened = MemberIndex.open(source);
        keep(identity, opened.over(NONE));
        return opened;
    }

    /// Forgets what was kept of bytes that are damaged or replaced.
    void drop(Object identity) {
        lock.lock();
        try {
            MemberIndex left = indexes.remove(identity);
            if (left != null) {
                bytes.addAndGet(-size(left));
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable MemberIndex find(Object identity) {
        lock.lock();
        try {
            return indexes.get(identity);
        } finally {
            lock.unlock();
        }
    }

    private void keep(Object identity, MemberIndex index) {
        lock.lock();
        try {
            MemberIndex before = indexes.put(identity, index);
            bytes.addAndGet(size(index) - (before == null ? 0 : size(before)));
            Iterator<MemberIndex> eldest = indexes.values().iterator();
            while (bytes.get() > maxBytes) {
                bytes.addAndGet(-size(eldest.next()));
                eldest.remove();
                dropped.increment();
            }
        } finally {
            lock.unlock();
        }
    }

    private static long size(MemberIndex index) {
        return ENTRY_BYTES + (long) index.tableBytes();
    }
}
