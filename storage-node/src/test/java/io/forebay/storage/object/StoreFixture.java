package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Durability;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store in a temporary folder, with short words for what tests do to it.
final class StoreFixture implements AutoCloseable {
    static final VolumeOwner OWNER = new VolumeOwner("cluster-1", new NodeId("node1"));

    final Metrics metrics = new Metrics();
    private final StoreConfig config;
    private final List<Path> folders;
    private final InstantSource clock;
    private final boolean stepped;
    private final Redundancy redundancy;
    private @Nullable ObjectStore store;

    StoreFixture(StoreConfig config, List<Path> folders, InstantSource clock) {
        this(config, folders, clock, false);
    }

    private StoreFixture(StoreConfig config, List<Path> folders, InstantSource clock, boolean stepped) {
        this(config, folders, clock, stepped, Redundancy.ALONE);
    }

    /// A store that owes other nodes something.
    static StoreFixture among(Path folder, Redundancy redundancy) {
        return new StoreFixture(smallConfig(Map.of()), List.of(folder), InstantSource.system(), false, redundancy);
    }

    private StoreFixture(
            StoreConfig config, List<Path> folders, InstantSource clock, boolean stepped, Redundancy redundancy) {
        this.redundancy = redundancy;
        this.config = config;
        this.folders = List.copyOf(folders);
        this.clock = clock;
        this.stepped = stepped;
        this.store = open();
    }

    private ObjectStore open() {
        if (!stepped) {
            return ObjectStore.open(
                    config, new VolumeFolders(null, folders), OWNER, clock, metrics, redundancy, Announcer.SILENT);
        }
        List<Supplier<VolumeStore.Place>> places = new ArrayList<>();
        folders.forEach(folder -> places.add(() -> VolumeStore.Place.of(folder)));
        return ObjectStore.open(config, places, OWNER, new ObjectStore.Clocks(clock, Ticker.SYSTEM), metrics);
    }

    /// A store without threads in the background: nothing is flushed, compacted or given back but by `settle`
    /// and by steps.
    static StoreFixture stepped(Path folder, Map<String, String> changes) {
        return new StoreFixture(smallConfig(changes), List.of(folder), InstantSource.system(), true);
    }

    /// Does all background work that there is.
    void settle() {
        for (VolumeStore store : store().volumes().all()) {
            settle(store);
        }
    }

    private static void settle(VolumeStore store) {
        List<Long> before = List.of();
        List<Long> after = segments(store);
        while (!after.equals(before)) {
            before = after;
            while (store.compaction().step() >= 0) {
                Check.that(!Thread.currentThread().isInterrupted(), "compaction does not end");
            }
            store.upkeep().requestFlush();
            LogPosition written = store.writtenPosition();
            do {
                store.upkeep().round();
            } while (store.upkeep().flushed().compareTo(written) < 0);
            store.upkeep().round();
            after = segments(store);
        }
    }

    private static List<Long> segments(VolumeStore store) {
        return store.volume().segments().all().stream().map(Segment::id).toList();
    }

    static StoreFixture in(Path folder) {
        return new StoreFixture(smallConfig(Map.of()), List.of(folder), InstantSource.system());
    }

    /// Small limits, so that a test meets them.
    static StoreConfig smallConfig(Map<String, String> changes) {
        Map<String, String> values = new HashMap<>(Map.of(
                "volume.small-object", "16KiB",
                "volume.segment", "1MiB",
                "volume.write-memory", "8MiB",
                "volume.open-files", "16",
                "volume.reserve", "0%",
                "index.memory", "6MiB",
                "index.hot-share", "5%",
                "index.write-buffer", "1MiB",
                "index.replay", "64MiB"));
        values.putAll(changes);
        return Settings.of(StoreConfig.class).bind(values);
    }

    static Bucket bucket(long id, Durability durability) {
        TreeMap<String, String> properties = new TreeMap<>(Map.of(Bucket.DURABILITY, durability.wireName()));
        return new Bucket(BucketName.of("bucket-" + id), id, 0, properties, false);
    }

    ObjectStore store() {
        ObjectStore open = store;
        if (open == null) {
            throw new IllegalStateException("the store is closed");
        }
        return open;
    }

    void restart() {
        close();
        store = open();
    }

    static ObjectKey key(Bucket bucket, String name) {
        return new ObjectKey(bucket.name(), name);
    }

    static byte[] bytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    ObjectRecord put(Bucket bucket, String name, byte[] content) {
        return put(bucket, name, content, WriteOptions.ofLength(content.length), Conditions.NONE);
    }

    ObjectRecord put(Bucket bucket, String name, byte[] content, WriteOptions options, Conditions conditions) {
        try (WriteSession session = store().begin(bucket, key(bucket, name), options)) {
            writeInPieces(session, content);
            return session.commit(conditions);
        }
    }

    ObjectRecord putPart(Bucket bucket, String name, String uploadId, int number, byte[] content) {
        try (WriteSession session =
                store().beginPart(bucket, key(bucket, name), uploadId, number, WriteOptions.ofLength(content.length))) {
            writeInPieces(session, content);
            return session.commit(Conditions.NONE);
        }
    }

    static void writeInPieces(WriteSession session, byte[] content) {
        ByteBuffer direct = ByteBuffer.allocateDirect(Math.max(1, Math.min(content.length, 40_000)));
        for (int at = 0; at < content.length; at += direct.limit()) {
            direct.clear().limit(Math.min(direct.capacity(), content.length - at));
            direct.put(content, at, direct.limit()).flip();
            session.write(direct);
            direct.flip();
        }
    }

    /// The content of an object, or null when there is none.
    byte @Nullable [] get(Bucket bucket, String name) {
        return get(bucket, new ObjectKey(bucket.name(), name));
    }

    /// As above, of an object or a version.
    byte @Nullable [] get(Bucket bucket, ObjectKey key) {
        ReadOutcome outcome = store().read(bucket, key, Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        return outcome instanceof ReadOutcome.Found found ? content(found.slices()) : null;
    }

    @Nullable
    ObjectRecord record(Bucket bucket, String name) {
        ReadOutcome outcome = store().find(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED);
        return outcome instanceof ReadOutcome.Found found ? found.record() : null;
    }

    static byte[] content(List<FileSlice> slices) {
        long length = 0;
        for (FileSlice slice : slices) {
            length += slice.length();
        }
        ByteBuffer all = ByteBuffer.allocate((int) length);
        for (FileSlice slice : slices) {
            try (slice) {
                ByteBuffer part = ByteBuffer.allocateDirect((int) slice.length());
                slice.read(0, part);
                all.put(part.flip());
            }
        }
        return all.array();
    }

    /// Waits for what happens in the background; the test's time limit interrupts a wait that is in vain.
    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("what was waited for did not happen");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    List<String> names(Bucket bucket) {
        List<String> names = new ArrayList<>();
        try (Scan scan = store().scan(bucket.id())) {
            while (scan.next()) {
                names.add(scan.name());
            }
        }
        return names;
    }

    @Override
    public void close() {
        if (store != null) {
            ObjectStore closing = store;
            store = null;
            closing.close();
        }
    }
}
