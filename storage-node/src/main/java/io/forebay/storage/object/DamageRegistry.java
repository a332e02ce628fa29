package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.storage.metadata.DamageTable;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexBatch;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.SegmentLog;
import io.forebay.storage.volume.StorageMetric;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is known to be damaged on one volume. Whoever finds a bad byte reports here; whoever reads asks here first.
///
/// Damage is of bytes, not of names: changing attributes does not end it, overwriting does. Remembered in the
/// index, so that it is known after a restart. Any thread may call.
final class DamageRegistry {
    private static final System.Logger LOG = System.getLogger(DamageRegistry.class.getName());
    private static final int MAX_COUNTED = 1000;

    private final String volume;
    private final Index index;
    private final InstantSource clock;
    private final int limit;
    private final LongAdder found;
    private final Map<ByteBuffer, DamageTable.Entry> entries = new ConcurrentHashMap<>();
    /// The damaged runs of each file: what a read looks at.
    private volatile Map<Long, List<DamageTable.Run>> runs = Map.of();

    private volatile @Nullable String indexDamage;
    private volatile long indexDamageMillis;
    private volatile @Nullable Consumer<IndexBatch> writer;

    DamageRegistry(String volume, Index index, ScrubConfig config, InstantSource clock, Metrics metrics) {
        this.volume = volume;
        this.index = index;
        this.clock = clock;
        this.limit = config.maxDamaged();
        String labels = "volume=\"" + volume + "\"";
        this.found = metrics.counter(StorageMetric.DAMAGE_FOUND, labels);
        metrics.gauge(StorageMetric.DAMAGED_OBJECTS, labels, this::count);
        metrics.gauge(StorageMetric.INDEX_DAMAGED, labels, () -> indexDamage == null ? 0 : 1);
        DamageTable.read(index).forEach(this::remember);
    }

    /// Says how changes reach the index.
    void attach(SegmentLog<Commit> log, Upkeep upkeep) {
        writer = batch -> {
            if (log.failure() == null) {
                log.betweenGroups(() -> index.write(batch, List.of(), List.of()));
                upkeep.requestFlush();
            }
        };
    }

    /// Throws CORRUPT when bytes of the record are known to be damaged.
    void refuse(ObjectRecord record, String what) {
        if (isDamaged(record)) {
            throw new StoreException(
                    ErrorCode.CORRUPT,
                    what + " is damaged on volume " + volume
                            + ": its stored bytes do not have their checksum or cannot be read; write it again");
        }
    }

    /// Whether bytes of the record are known to be damaged.
    boolean isDamaged(ObjectRecord record) {
        return !runs.isEmpty() && isHit(record);
    }

    /// Remembers that all bytes of a record are not to be served.
    void report(Family family, byte[] key, ObjectRecord record, String reason) {
        Extents extents = record.extents();
        List<DamageTable.Run> bad = new ArrayList<>(extents.count());
        for (int at = 0; at < extents.count(); at++) {
            if (extents.length(at) > 0) {
                bad.add(new DamageTable.Run(
                        extents.isSegment(at), extents.id(at), extents.offset(at), extents.length(at)));
            }
        }
        report(family, key, bad, reason);
    }

    /// Remembers runs of an entry's bytes that are not to be served.
    void report(Family family, byte[] key, List<DamageTable.Run> bad, String reason) {
        DamageTable.Entry known = entries.get(id(family, key));
        if (known != null && known.runs().containsAll(bad)) {
            return;
        }
        found.increment();
        DamageTable.Entry entry = new DamageTable.Entry(family, key, clock.millis(), reason, List.copyOf(bad));
        LOG.log(
                System.Logger.Level.ERROR,
                "volume {0}: {1} is damaged: {2}",
                volume,
                EntryName.of(family, key),
                reason);
        if (known == null && entries.size() >= limit) {
            LOG.log(System.Logger.Level.ERROR, "volume {0}: limit max-damaged ({1}) is reached", volume, limit);
            return;
        }
        remember(entry);
        IndexBatch batch = index.batch();
        DamageTable.put(batch, entry);
        write(batch);
    }

    /// Remembers, until the next start, that the index itself is damaged.
    void reportIndex(StoreException failure) {
        if (indexDamage == null) {
            found.increment();
            LOG.log(System.Logger.Level.ERROR, "volume {0}: {1}", volume, failure.text());
            indexDamageMillis = clock.millis();
            indexDamage = failure.text() + "; stop the node and run forebay volume rebuild-index";
        }
    }

    /// Everything that is damaged now; what was overwritten or removed is forgotten first.
    List<DamagedObject> list() {
        prune();
        List<DamagedObject> all = new ArrayList<>();
        String ofIndex = indexDamage;
        if (ofIndex != null) {
            all.add(new DamagedObject(volume, 0, "", "", 0, indexDamageMillis, ofIndex));
        }
        for (DamageTable.Entry entry : entries.values()) {
            int part = entry.family() == Family.PARTS ? IndexKeys.partNumber(entry.key()) : 0;
            all.add(new DamagedObject(
                    volume,
                    IndexKeys.bucketId(entry.key()),
                    IndexKeys.name(entry.key()),
                    IndexKeys.versionId(entry.key()),
                    part,
                    entry.foundMillis(),
                    entry.reason()));
        }
        return all;
    }

    /// Forgets what was overwritten or removed.
    void prune() {
        for (DamageTable.Entry entry : entries.values()) {
            if (!isCurrent(entry, entry.family(), entry.key())) {
                byte[] heir = heirOf(entry);
                if (heir != null) {
                    report(Family.of(heir), heir, entry.runs(), entry.reason());
                }
                forget(entry);
            }
        }
    }

    private void forget(DamageTable.Entry entry) {
        entries.remove(id(entry.family(), entry.key()), entry);
        refresh();
        IndexBatch batch = index.batch();
        DamageTable.remove(batch, entry.family(), entry.key());
        write(batch);
    }

    /// The key that has the bytes by now: the upload of a damaged part has become an object, an object is no longer
    /// the current version, or is it again.
    private byte @Nullable [] heirOf(DamageTable.Entry entry) {
        byte[] object = IndexKeys.objectOf(entry.key());
        if (isCurrent(entry, Family.CURRENT, object)) {
            return object;
        }
        try (IndexCursor cursor = index.cursor(Family.VERSIONS, IndexKeys.versionsEnd(object))) {
            for (cursor.seek(IndexKeys.versionsStart(object)); cursor.isValid(); cursor.next()) {
                if (isCurrent(entry, Family.VERSIONS, cursor.key())) {
                    return cursor.key();
                }
            }
        }
        return null;
    }

    private void remember(DamageTable.Entry entry) {
        entries.put(id(entry.family(), entry.key()), entry);
        refresh();
    }

    private synchronized void refresh() {
        Map<Long, List<DamageTable.Run>> fresh = new ConcurrentHashMap<>();
        for (DamageTable.Entry entry : entries.values()) {
            for (DamageTable.Run run : entry.runs()) {
                fresh.computeIfAbsent(run.id(), id -> new ArrayList<>()).add(run);
            }
        }
        runs = fresh;
    }

    private void write(IndexBatch batch) {
        Consumer<IndexBatch> open = writer;
        if (open != null) {
            open.accept(batch);
        }
    }

    private boolean isHit(ObjectRecord record) {
        Map<Long, List<DamageTable.Run>> now = runs;
        Extents extents = record.extents();
        for (int at = 0; at < extents.count(); at++) {
            for (DamageTable.Run run : now.getOrDefault(extents.id(at), List.of())) {
                if (run.overlaps(extents, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isCurrent(DamageTable.Entry entry, Family family, byte[] key) {
        byte[] value = index.find(family, key);
        if (value == null) {
            return false;
        }
        Extents extents = ObjectRecord.of(value).extents();
        for (int at = 0; at < extents.count(); at++) {
            for (DamageTable.Run run : entry.runs()) {
                if (run.overlaps(extents, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Exact for as many as one can look up while metrics are read.
    private long count() {
        if (entries.size() > MAX_COUNTED) {
            return entries.size();
        }
        return entries.values().stream()
                .filter(entry -> isCurrent(entry, entry.family(), entry.key()))
                .count();
    }

    private static ByteBuffer id(Family family, byte[] key) {
        int code = family == Family.PARTS ? 1 : 0;
        return ByteBuffer.allocate(key.length + 1).put((byte) code).put(key).flip();
    }
}
