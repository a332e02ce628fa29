package io.forebay.storage.volume;

import io.forebay.common.config.Ratio;
import io.forebay.common.metrics.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The segments and large files that are open for readers: a bounded cache, the least used leaving first.
///
/// A file that is retired is opened no more; what is to become of it happens when its last reader has left.
final class OpenFiles implements AutoCloseable {
    private final Disk disk;
    private final LongFunction<@Nullable String> paths;
    private final int limit;
    private final long descriptorLimit;
    private final LongAdder evicted;
    private final Map<Long, Slot> slots = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<OpenFile> clock = new ConcurrentLinkedQueue<>();
    private final AtomicInteger openCount = new AtomicInteger();

    /// @param paths the path of a file by its id, or null when there is no such file any more
    OpenFiles(Disk disk, LongFunction<@Nullable String> paths, Limits limits, String labels, Metrics metrics) {
        this.disk = disk;
        this.paths = paths;
        this.limit = limits.files();
        this.descriptorLimit = limits.share().of(Descriptors.limit());
        this.evicted = metrics.counter(StorageMetric.OPEN_FILES_EVICTED, labels);
        metrics.gauge(StorageMetric.OPEN_FILES, labels, openCount::get);
        metrics.gauge(StorageMetric.DESCRIPTORS, "", Descriptors::taken);
        metrics.gauge(StorageMetric.DESCRIPTORS_LIMIT, "", () -> descriptorLimit);
    }

    /// Beyond which files that are not in use are closed.
    ///
    /// @param files of this cache
    /// @param share of the descriptors that the process may have, for all its volumes
    record Limits(int files, Ratio share) {}

    /// All that is known of one id. Changed only inside the map's `compute` of that id.
    private static final class Slot {
        /// What new readers get.
        private volatile @Nullable OpenFile current;
        /// How many are not closed yet: the current one, and earlier ones that still have readers.
        private int alive;

        private @Nullable Runnable whenUnused;
    }

    /// An acquired file if it is open already, or null.
    @Nullable
    OpenFile acquireNow(long id) {
        Slot slot = slots.get(id);
        OpenFile found = slot == null ? null : slot.current;
        return found != null && found.isUsable() && found.acquire() ? found : null;
    }

    /// An acquired file, or null when there is none of that id any more.
    @Nullable
    OpenFile acquire(long id) throws IOException {
        while (true) {
            OpenFile found = acquireNow(id);
            if (found != null) {
                return found;
            }
            OpenFile opened = open(id);
            if (opened == null || opened.acquire()) {
                evict();
                return opened;
            }
        }
    }

    /// Lets nobody open the file any more and runs the action when nobody has it open; the caller has seen to it
    /// that `paths` does not know the id. The action may run now, on this thread.
    void retire(long id, Runnable whenUnused) {
        @Nullable OpenFile[] dropped = new @Nullable OpenFile[1];
        slots.compute(id, (key, known) -> {
            Slot slot = known == null ? new Slot() : known;
            slot.whenUnused = whenUnused;
            dropped[0] = slot.current;
            slot.current = null;
            return slot;
        });
        release(dropped[0]);
        settle(id);
    }

    /// Drops the cache's own hold of every file; those with readers close when these leave.
    @Override
    public void close() {
        slots.keySet().forEach(this::drop);
    }

    /// Drops the cache's own hold of a file, such as one that another has replaced under its name.
    void drop(long id) {
        @Nullable OpenFile[] dropped = new @Nullable OpenFile[1];
        slots.computeIfPresent(id, (key, slot) -> {
            dropped[0] = slot.current;
            slot.current = null;
            return slot;
        });
        release(dropped[0]);
        settle(id);
    }

    int openCount() {
        return openCount.get();
    }

    private @Nullable OpenFile open(long id) throws IOException {
        try {
            @Nullable OpenFile[] replaced = new @Nullable OpenFile[1];
            Slot slot = slots.compute(id, (key, known) -> {
                OpenFile current = known == null ? null : known.current;
                if (current != null && current.isUsable()) {
                    return known;
                }
                replaced[0] = current;
                return reopened(id, known);
            });
            release(replaced[0]);
            return slot == null ? null : slot.current;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private @Nullable Slot reopened(long id, @Nullable Slot known) {
        String path = paths.apply(id);
        if (path == null || (known != null && known.whenUnused != null)) {
            return known;
        }
        try {
            OpenFile opened = new OpenFile(id, disk.open(path, Disk.Access.READ), this::closeUnused);
            openCount.incrementAndGet();
            Slot slot = known == null ? new Slot() : known;
            slot.current = opened;
            slot.alive++;
            clock.add(opened);
            return slot;
        } catch (NoSuchFileException e) {
            if (known != null) {
                known.current = null;
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Passes over files that were used since the last round, and lets others go until the limit holds.
    private void evict() {
        for (int steps = 2 * limit; steps > 0 && tooMany(); steps--) {
            OpenFile candidate = clock.poll();
            if (candidate == null) {
                return;
            }
            if (candidate.takeUsed()) {
                clock.add(candidate);
                continue;
            }
            @Nullable OpenFile[] dropped = new @Nullable OpenFile[1];
            slots.computeIfPresent(candidate.id(), (key, slot) -> {
                if (slot.current == candidate) {
                    dropped[0] = candidate;
                    slot.current = null;
                }
                return slot;
            });
            if (dropped[0] != null) {
                evicted.increment();
                release(dropped[0]);
            }
        }
    }

    private boolean tooMany() {
        return openCount.get() > limit || Descriptors.taken() > descriptorLimit;
    }

    private static void release(@Nullable OpenFile file) {
        if (file != null) {
            file.release();
        }
    }

    private void closeUnused(OpenFile file) {
        try {
            file.file().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close file " + file.id(), e);
        } finally {
            openCount.decrementAndGet();
            slots.computeIfPresent(file.id(), (key, slot) -> {
                slot.alive--;
                return slot;
            });
            settle(file.id());
        }
    }

    /// Forgets an id of which nothing is open, and does what was to be done then.
    private void settle(long id) {
        @Nullable Runnable[] action = new @Nullable Runnable[1];
        slots.computeIfPresent(id, (key, slot) -> {
            if (slot.alive > 0) {
                return slot;
            }
            action[0] = slot.whenUnused;
            return null;
        });
        Runnable todo = action[0];
        if (todo != null) {
            todo.run();
        }
    }
}
