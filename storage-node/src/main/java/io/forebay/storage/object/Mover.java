package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.UploadRecord;
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

/// Brings objects with their versions, and uploads in progress, to the volumes where they belong, a few at a time,
/// until the set of
/// volumes is settled; and what a volume to be emptied remembers, of removed keys and of other volumes, to
/// another one.
///
/// One pass looks at every object and upload on every volume. When a pass has left nothing behind, and nothing
/// was written
/// elsewhere and no volume came or went since it began, the set is settled. `start` gives the work a thread;
/// otherwise the caller does the steps. One thread at a time.
final class Mover implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Mover.class.getName());
    private static final int BATCH = 64;
    private static final int LOOK_AT = 20_000;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final VolumeSet volumes;
    private final Moves moves;
    private final Guards guards;
    private final BytePace bytePace;
    private final Metrics metrics;
    private final Map<VolumeStore, Left> left = new ConcurrentHashMap<>();
    private Pace pace = Pace.UNBOUND;
    private @Nullable Pass pass;
    private @Nullable Worker worker;

    Mover(VolumeSet volumes, Moves moves, Guards guards, long bytesPerSecond, Ticker ticker, Metrics metrics) {
        this.volumes = volumes;
        this.moves = moves;
        this.guards = guards;
        this.bytePace = new BytePace(bytesPerSecond, ticker);
        this.metrics = metrics;
    }

    /// How one of each is moved.
    record Moves(ObjectMove objects, UploadMove uploads) {}

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
        private Family family = Family.CURRENT;
        private byte[] from = IndexKeys.start();
        private boolean leftSome;

        Pass(Membership set, long strays) {
            this.set = set;
            this.strays = strays;
            this.stores = set.serving();
        }

        /// Goes on with what is next after everything of a family on a volume.
        private void next() {
            from = IndexKeys.start();
            if (family == Family.CURRENT) {
                family = Family.VERSIONS;
            } else if (family == Family.VERSIONS) {
                family = Family.UPLOADS;
            } else if (family == Family.UPLOADS) {
                family = Family.TOMBSTONES;
            } else {
                family = Family.CURRENT;
                store++;
            }
        }

        /// Whether an entry of the family belongs elsewhere.
        private boolean isMisplaced(VolumeStore source, byte[] key, byte[] value) {
            if (family == Family.CURRENT || family == Family.VERSIONS) {
                return !set.home(key).equals(source);
            }
            long bucket = IndexKeys.bucketId(key);
            if (family == Family.TOMBSTONES || bucket == VoidNotes.BUCKET || bucket == Outbox.BUCKET) {
                return !set.takesWrites(source);
            }
            return !UploadRecord.isHere(value)
                    || !set.home(IndexKeys.objectOf(key)).equals(source);
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
        guards.keys().awaitHolders();
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
        for (Family family : List.of(Family.CURRENT, Family.VERSIONS)) {
            try (IndexCursor cursor = store.index().cursor(family, IndexKeys.end())) {
                for (cursor.seek(IndexKeys.start()); cursor.isValid(); cursor.next()) {
                    if (!set.home(cursor.key()).equals(store)) {
                        objects++;
                        bytes += ObjectRecord.of(cursor.value()).size();
                    }
                }
            }
        }
        return new Left(objects, bytes);
    }

    private void work(Pass current) {
        VolumeStore source = current.stores.get(current.store);
        Family family = current.family;
        for (byte[] key : misplaced(current, source)) {
            boolean goOn = pace.spent(move(current, source, family, key));
            if (!goOn || volumes.current() != current.set) {
                // The store closes, or the next step begins another pass.
                return;
            }
        }
    }

    /// The next keys that belong elsewhere; sees to it that the pass goes on behind them.
    private static List<byte[]> misplaced(Pass current, VolumeStore source) {
        List<byte[]> keys = new ArrayList<>();
        try (IndexCursor cursor = source.index().cursor(current.family, IndexKeys.end())) {
            int seen = 0;
            for (cursor.seek(current.from); cursor.isValid(); cursor.next()) {
                byte[] key = cursor.key();
                current.from = IndexKeys.successor(key);
                if (current.isMisplaced(source, key, cursor.value())) {
                    keys.add(key);
                }
                if (keys.size() == BATCH || ++seen == LOOK_AT) {
                    return keys;
                }
            }
        }
        current.next();
        return keys;
    }

    /// Moves one entry and returns the bytes read; those of an upload have been told to the pace.
    private long move(Pass current, VolumeStore source, Family family, byte[] key) {
        try {
            if (family == Family.CURRENT || family == Family.VERSIONS) {
                return moveObject(current, source, key);
            }
            if (family == Family.TOMBSTONES) {
                VolumeStore target = current.set.home(IndexKeys.objectOf(key));
                Tombstones.move(source, target, key, volumes, guards);
            } else if (IndexKeys.bucketId(key) == VoidNotes.BUCKET) {
                VolumeStore target = current.set.home(VoidNotes.objectKey(key));
                VoidNotes.move(source, target, key, volumes, guards);
            } else if (IndexKeys.bucketId(key) == Outbox.BUCKET) {
                Outbox.move(source, current.set.home(key), key, volumes, guards);
            } else {
                moveUpload(current, source, key);
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

    private long moveObject(Pass current, VolumeStore source, byte[] key) {
        ObjectRecord record = source.index().find(key);
        long size = record == null ? 0 : record.size();
        ObjectMove.Outcome outcome = moves.objects().move(source, key);
        boolean copied = outcome == ObjectMove.Outcome.COPIED;
        if (copied) {
            for (Mutation.Entry upload : UploadMove.uploadsOf(source, key)) {
                moveUpload(current, source, upload.key());
            }
            outcome = moves.objects().move(source, key);
        }
        switch (outcome) {
            case MOVED -> {
                counter(StorageMetric.MOVED_OBJECTS, source).increment();
                counter(StorageMetric.MOVED_BYTES, source).add(size);
                left.computeIfPresent(
                        source,
                        (store, before) -> new Left(Math.max(0, before.objects - 1), Math.max(0, before.bytes - size)));
            }
            case NOTHING_TO_DO -> {
                return copied ? size : 0;
            }
            case COPIED, LATER, NO_SPACE -> current.leftSome = true;
        }
        return copied || outcome == ObjectMove.Outcome.MOVED ? size : 0;
    }

    private void moveUpload(Pass current, VolumeStore source, byte[] key) {
        switch (moves.uploads().move(source, key, pace)) {
            case MOVED -> counter(StorageMetric.MOVED_UPLOADS, source).increment();
            case NOTHING_TO_DO -> {
                // It has ended, or was never misplaced.
            }
            case COPIED, LATER, NO_SPACE -> current.leftSome = true;
        }
    }

    private LongAdder counter(StorageMetric metric, VolumeStore store) {
        return metrics.counter(metric, store.volume().labels());
    }
}
