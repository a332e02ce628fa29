package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.StorageMetric;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Brings objects to the volumes where they belong, a few at a time, until the set of volumes is settled.
///
/// One pass looks at every object on every volume. When a pass has left nothing behind, and nothing was written
/// elsewhere and no volume came or went since it began, the set is settled. `start` gives the work a thread; otherwise
/// the caller does the steps. One thread at a time.
final class Mover implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Mover.class.getName());
    private static final int BATCH = 64;
    private static final int LOOK_AT = 20_000;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final VolumeSet volumes;
    private final ObjectMove move;
    private final KeyLocks locks;
    private final BytePace bytePace;
    private final Metrics metrics;
    private final Map<VolumeStore, Left> left = new ConcurrentHashMap<>();
    private Pace pace = Pace.UNBOUND;
    private @Nullable Pass pass;
    private @Nullable Worker worker;

    Mover(VolumeSet volumes, ObjectMove move, KeyLocks locks, long bytesPerSecond, Ticker ticker, Metrics metrics) {
        this.volumes = volumes;
        this.move = move;
        this.locks = locks;
        this.bytePace = new BytePace(bytesPerSecond, ticker);
        this.metrics = metrics;
    }

    /// What is on a volume that belongs elsewhere.
    record Left(long objects, long bytes) {
        static final Left NOTHING = new Left(0, 0);
    }

    /// One look at everything.
    private static final class Pass {
        private final Membership set;
        private final long strays;
        private final List<VolumeStore> stores;
        private int store;
        private byte[] from = IndexKeys.start();
        private boolean leftSome;

        Pass(Membership set, long strays) {
            this.set = set;
            this.strays = strays;
            this.stores = set.serving();
        }
    }

    /// What a volume has yet to give away, as far as it is known.
    Left left(VolumeStore store) {
        return left.getOrDefault(store, Left.NOTHING);
    }

    /// Gives the work a thread.
    void start() {
        pace = bytePace;
        Worker started = new Worker("forebay-mover", RETRY_NANOS, this::step);
        worker = started;
        volumes.whenUnsettled(started::wake);
    }

    /// Ends the thread after the object that it is at.
    @Override
    public void close() {
        bytePace.close();
        if (worker != null) {
            worker.close();
        }
    }

    /// Works for a moment and returns after how many nanoseconds to go on.
    long step() {
        Membership now = volumes.current();
        Pass current = pass;
        if (current != null && current.set != now) {
            current = null;
        }
        if (current == null) {
            if (now.isSettled() || now.writers() == 0) {
                pass = null;
                left.clear();
                return IDLE_NANOS;
            }
            current = begin(now);
        }
        pass = current;
        if (current.store == current.stores.size()) {
            pass = null;
            return end(current);
        }
        work(current);
        return 0;
    }

    /// Works until the set is settled or cannot be now; false then. For tests, and for who waits.
    boolean settle() {
        Membership before = volumes.current();
        while (!volumes.current().isSettled()) {
            step();
            if (pass == null && !volumes.current().isSettled() && volumes.current() == before) {
                return false;
            }
            before = volumes.current();
        }
        left.clear();
        return true;
    }

    private Pass begin(Membership now) {
        long strays = volumes.strays();
        // Who counted as a stray before that holds a key's lock until its object is visible.
        locks.awaitHolders();
        for (VolumeStore store : now.serving()) {
            left.put(store, count(now, store));
        }
        left.keySet().retainAll(Set.copyOf(now.serving()));
        return new Pass(now, strays);
    }

    private long end(Pass done) {
        if (done.leftSome || done.set.absent().size() > 0 || volumes.strays() != done.strays) {
            return AGAIN_NANOS;
        }
        Set<String> ids = new LinkedHashSet<>();
        done.set.members().stream().filter(Member::takesWrites).forEach(member -> ids.add(member.id()));
        volumes.change(
                set -> set == done.set && volumes.strays() == done.strays ? new Membership(set.members(), ids) : set);
        return 0;
    }

    private static Left count(Membership set, VolumeStore store) {
        long objects = 0;
        long bytes = 0;
        try (IndexCursor cursor = store.index().cursor(Family.CURRENT, IndexKeys.end())) {
            for (cursor.seek(IndexKeys.start()); cursor.isValid(); cursor.next()) {
                if (!set.home(cursor.key()).equals(store)) {
                    objects++;
                    bytes += ObjectRecord.of(cursor.value()).size();
                }
            }
        }
        return new Left(objects, bytes);
    }

    private void work(Pass current) {
        VolumeStore source = current.stores.get(current.store);
        for (byte[] key : misplaced(current, source)) {
            boolean goOn = pace.spent(move(current, source, key));
            if (!goOn || volumes.current() != current.set) {
                // The store closes, or the next step begins another pass.
                return;
            }
        }
    }

    /// The next keys that belong elsewhere; sees to it that the pass goes on behind them.
    private static List<byte[]> misplaced(Pass current, VolumeStore source) {
        List<byte[]> keys = new ArrayList<>();
        try (IndexCursor cursor = source.index().cursor(Family.CURRENT, IndexKeys.end())) {
            int seen = 0;
            for (cursor.seek(current.from); cursor.isValid(); cursor.next()) {
                byte[] key = cursor.key();
                current.from = IndexKeys.successor(key);
                if (!current.set.home(key).equals(source)) {
                    keys.add(key);
                }
                if (keys.size() == BATCH || ++seen == LOOK_AT) {
                    return keys;
                }
            }
        }
        current.store++;
        current.from = IndexKeys.start();
        return keys;
    }

    private long move(Pass current, VolumeStore source, byte[] key) {
        ObjectRecord record = source.index().find(key);
        long size = record == null ? 0 : record.size();
        try {
            switch (move.move(source, key)) {
                case MOVED -> {
                    counter(StorageMetric.MOVED_OBJECTS, source).increment();
                    counter(StorageMetric.MOVED_BYTES, source).add(size);
                    left.computeIfPresent(
                            source,
                            (store, before) ->
                                    new Left(Math.max(0, before.objects - 1), Math.max(0, before.bytes - size)));
                    return size;
                }
                case NOTHING_TO_DO -> {
                    return 0;
                }
                case LATER, NO_SPACE -> current.leftSome = true;
            }
        } catch (StoreException e) {
            current.leftSome = true;
            counter(StorageMetric.MOVE_FAILED, source).increment();
            if (e.code() != ErrorCode.NO_SPACE && e.code() != ErrorCode.BUSY) {
                LOG.log(System.Logger.Level.WARNING, "an object stays on volume " + source.volume(), e);
            }
        }
        return 0;
    }

    private LongAdder counter(StorageMetric metric, VolumeStore store) {
        return metrics.counter(metric, store.volume().labels());
    }
}
