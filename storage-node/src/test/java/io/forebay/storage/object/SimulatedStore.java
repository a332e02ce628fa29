package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexEngine;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.Tombstone;
import io.forebay.storage.volume.Disk;
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.Segments;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A store on disks and index engines of the test's, one volume each, whose background work happens only when
/// the test says so, with tiny segments.
public final class SimulatedStore implements AutoCloseable {
    public static final long GROUP = 1;
    public static final long NONE = 2;
    public static final long STRICT = 3;
    /// A bucket to be dropped.
    public static final long DOOMED = 4;

    /// A bucket with versions, whose changes are told.
    public static final long VERSIONED = 5;

    /// A bucket whose changes are told.
    public static final long TOLD = 6;

    /// The epoch of what other nodes send.
    public static final long EPOCH = 7;

    /// Larger objects have files of their own.
    public static final int SMALL_BYTES = 8 << 10;

    private static final long FIRST_MILLIS = 1_700_000_000_000L;
    /// Longer than any process lives, so that each one begins after all that earlier ones did.
    private static final long LIFE_MILLIS = TimeUnit.HOURS.toMillis(6);
    private static final AtomicLong OPENED = new AtomicLong();
    private static final StoreConfig CONFIG = config(Map.of());

    private final Metrics metrics = new Metrics();
    private final AtomicLong nanos = new AtomicLong();
    private final ObjectStore store;
    private final List<VolumeStore> volumes;
    /// The first of them.
    private final VolumeStore volume;
    private final Map<Long, Durability> switched = new HashMap<>();

    private SimulatedStore(List<? extends Disk> disks, List<? extends IndexEngine> engines, StoreConfig config) {
        List<Supplier<VolumeStore.Place>> places = new ArrayList<>();
        for (int number = 0; number < disks.size(); number++) {
            Disk disk = disks.get(number);
            IndexEngine engine = engines.get(number);
            places.add(() ->
                    new VolumeStore.Place(disk, (indexConfig, memory) -> new Index("simulated", indexConfig, engine)));
        }
        Instant start = Instant.ofEpochMilli(FIRST_MILLIS + OPENED.incrementAndGet() * LIFE_MILLIS);
        ObjectStore.Clocks clocks = new ObjectStore.Clocks(InstantSource.fixed(start), nanos::get);
        StoreOpening.Surroundings around =
                new StoreOpening.Surroundings(StoreOpening.Background.CALLER, Redundancy.ALONE, new Teller());
        this.store = StoreOpening.open(config, places, StoreFixture.OWNER, clocks, metrics, around);
        this.volumes = store.volumes().all();
        this.volume = volumes.getFirst();
    }

    /// Tells of each change what it made of which object, and of how many bytes, with a queue for each bucket.
    private static final class Teller implements Announcer {
        @Override
        public void admit(Bucket bucket) {
            // Everything is.
        }

        @Override
        public boolean listens(Bucket bucket) {
            return bucket.id() == VERSIONED || bucket.id() == TOLD;
        }

        @Override
        public List<Notice> of(Bucket bucket, ObjectKey key, Change change) {
            ObjectRecord record = change.record();
            String size = record == null ? "" : " " + record.size();
            return List.of(new Notice(Long.toString(bucket.id()), change.kind() + " " + key.name() + size));
        }

        @Override
        public void kept(List<Notice> notices) {
            // Tests ask the outbox.
        }
    }

    /// Opens the store, which is how a volume recovers.
    public static SimulatedStore open(Disk disk, IndexEngine engine) {
        return new SimulatedStore(List.of(disk), List.of(engine), CONFIG);
    }

    /// Opens a store of several volumes.
    public static SimulatedStore open(List<? extends Disk> disks, List<? extends IndexEngine> engines) {
        return new SimulatedStore(disks, engines, CONFIG);
    }

    /// As `open`, leaving a share of the disk free.
    public static SimulatedStore withReserve(Disk disk, IndexEngine engine, String reserve) {
        return new SimulatedStore(List.of(disk), List.of(engine), config(Map.of("volume.reserve", reserve)));
    }

    private static StoreConfig config(Map<String, String> changes) {
        Map<String, String> values = new HashMap<>(Map.of(
                "volume.small-object", "8KiB",
                "volume.unsynced-segments", "2",
                "volume.segment", "64KiB",
                "volume.write-memory", "1MiB",
                "volume.spare-segments", "1",
                "volume.groups-in-flight", "1",
                "index.memory", "4MiB",
                "index.hot-share", "2%"));
        values.putAll(changes);
        return StoreFixture.smallConfig(values);
    }

    private Bucket bucket(long id) {
        Durability first = id == NONE ? Durability.NONE : id == STRICT ? Durability.STRICT : Durability.GROUP;
        Bucket bucket = StoreFixture.bucket(id, switched.getOrDefault(id, first));
        return id == VERSIONED ? bucket.changed(Map.of(Bucket.VERSIONING, "Enabled")) : bucket;
    }

    /// Changes what a bucket says of its writes from now on.
    public void switchDurability(long bucket, Durability durability) {
        switched.put(bucket, durability);
    }

    private ObjectKey key(long bucket, String name) {
        return StoreFixture.key(bucket(bucket), name);
    }

    public Metrics metrics() {
        return metrics;
    }

    public void put(long bucket, String name, byte[] content) {
        try (WriteSession session =
                store.begin(bucket(bucket), key(bucket, name), WriteOptions.ofLength(content.length))) {
            StoreFixture.writeInPieces(session, content);
            session.commit(Conditions.NONE);
        }
    }

    public void remove(long bucket, String name) {
        store.remove(bucket(bucket), key(bucket, name), Conditions.NONE);
    }

    /// Removes the version of an object that is so old, the newest being 0.
    public void removeVersion(String name, int age) {
        VersionScan.Version version = versions(name).get(age);
        ObjectKey key = key(VERSIONED, name).at(version.id());
        Check.that(store.remove(bucket(VERSIONED), key, RemovalOptions.NONE) != null, "%s is not there", key);
    }

    private List<VersionScan.Version> versions(String name) {
        return store.versions(bucket(VERSIONED), key(VERSIONED, name));
    }

    /// Takes a copy from another node.
    public void receive(long bucket, String name, byte[] content, long version) {
        RecordDraft description = new RecordDraft(
                content.length,
                InstantSource.fixed(Instant.ofEpochMilli(FIRST_MILLIS)).millis(),
                InstantSource.fixed(Instant.ofEpochMilli(FIRST_MILLIS)).millis(),
                version,
                new Stamp(EPOCH, version),
                List.of(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content))),
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null);
        try (ReceiveSession session = store.holdings().receive(bucket(bucket), key(bucket, name), content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            Received received = session.commit(description);
            Check.that(received.accepted(), "a copy of %s was not taken: %s", name, received);
        }
    }

    /// Removes an object as another node did, and remembers that.
    public void receiveRemoval(long bucket, String name, long version) {
        Received received =
                store.holdings().receiveRemoval(bucket(bucket), key(bucket, name), new Stamp(EPOCH, version));
        Check.that(received.accepted(), "%s was not removed: %s", name, received);
    }

    public void dropTombstones() {
        store.holdings().dropTombstones(EPOCH, Duration.ZERO, UnaryOperator.identity());
    }

    public void setCustom(long bucket, String name, Map<String, String> custom) {
        store.updateCustom(bucket(bucket), key(bucket, name), custom, MapChange.REPLACE);
    }

    /// The content of an object, or null.
    public byte @Nullable [] get(long bucket, String name) {
        ReadOutcome outcome = store.read(
                bucket(bucket), new ObjectKey(bucket(bucket).name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        return outcome instanceof ReadOutcome.Found found ? StoreFixture.content(found.slices()) : null;
    }

    public String createUpload(long bucket, String name) {
        return createUpload(bucket, name, Upload.Kind.MULTIPART);
    }

    /// Begins to append to an object that is there.
    public String beginExtending(long bucket, String name) {
        return createUpload(bucket, name, Upload.Kind.EXTEND);
    }

    private String createUpload(long bucket, String name, Upload.Kind kind) {
        return store.createUpload(bucket(bucket), key(bucket, name), new Upload.Options(kind, "", Map.of(), Map.of()));
    }

    public void putPart(long bucket, String name, String upload, int number, byte[] content) {
        try (WriteSession session = store.beginPart(
                bucket(bucket), key(bucket, name), upload, number, WriteOptions.ofLength(content.length))) {
            StoreFixture.writeInPieces(session, content);
            session.commit(Conditions.NONE);
        }
    }

    public void complete(long bucket, String name, String upload) {
        complete(bucket, name, upload, Completion.ALL);
    }

    private void complete(long bucket, String name, String upload, long front) {
        store.completeUpload(
                bucket(bucket),
                key(bucket, name),
                upload,
                Conditions.NONE,
                (description, parts) -> new Completion(parts, null, List.of(), null, null, null, front));
    }

    /// The digest of what completing that upload makes.
    public String wholeUpload(long bucket, String name, String upload) {
        return digest(parts(bucket, name, upload), Map.of());
    }

    /// Whether an upload appends to its object.
    public boolean isExtending(long bucket, String name, String upload) {
        Upload found = store.findUpload(bucket(bucket), key(bucket, name), upload);
        return found != null && found.kind() == Upload.Kind.EXTEND;
    }

    /// The bytes of all parts of an upload.
    public byte[] parts(long bucket, String name, String upload) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (Part part : store.listParts(bucket(bucket), key(bucket, name), upload)) {
            whole.writeBytes(StoreFixture.content(store.openPart(bucket(bucket), key(bucket, name), part)));
        }
        return whole.toByteArray();
    }

    public void abort(long bucket, String name, String upload) {
        store.abortUpload(bucket(bucket), key(bucket, name), upload);
    }

    /// The user metadata of an object that is there.
    public Map<String, String> custom(long bucket, String name) {
        return store.find(bucket(bucket), key(bucket, name), Waiting.ALLOWED) instanceof ReadOutcome.Found found
                ? found.record().custom()
                : Map.of();
    }

    /// Appends to an object that is there: an upload of one part that extends it.
    public void extend(long bucket, String name, byte[] content) {
        extend(bucket, name, Completion.ALL, content);
    }

    /// As above, behind so many first bytes of it; the others go.
    public void extend(long bucket, String name, long front, byte[] content) {
        String upload = createUpload(bucket, name, Upload.Kind.EXTEND);
        putPart(bucket, name, upload, 1, content);
        complete(bucket, name, upload, front);
    }

    /// Takes the first of what is to be told of a bucket out.
    public void deliver(long bucket) {
        store.outbox().remove(store.outbox().first(Long.toString(bucket), 1));
    }

    public void dropBucket(long bucket) {
        store.dropBucket(bucket);
    }

    public void requestFlush() {
        volumes.forEach(each -> each.upkeep().requestFlush());
    }

    /// Verifies every stored byte.
    public void scrub() {
        for (VolumeStore each : volumes) {
            each.scrub().request();
            while (each.scrub().step()) {
                Check.that(each.failure() == null, "the volume has failed");
            }
        }
    }

    /// One round of background work, long after the one before.
    public void round() {
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        volumes.forEach(each -> each.upkeep().round());
    }

    /// Compacts until nothing is left to do; what is dead then is given back by later rounds.
    public void compact() {
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        int steps = 0;
        for (VolumeStore each : volumes) {
            while (each.compaction().step() >= 0) {
                Check.that(++steps < 10_000, "compaction does not end");
            }
        }
    }

    /// Lets the mover work until every object is where it belongs.
    public void settle() {
        Check.that(store.settle(), "the mover cannot bring everything to where it belongs");
    }

    /// Lets a volume take no writes, and the mover empty it.
    public void drain(int number) {
        store.changeVolume(volumes.get(number).volume().toString(), VolumeChange.DRAIN);
    }

    /// The objects on each volume.
    public List<Long> objectCounts() {
        return volumes.stream().map(VolumeStore::objectCount).toList();
    }

    /// A deliberate mistake: gives back the oldest segment, whatever is in it.
    public void freeOldestSegment() {
        volume.volume()
                .retireSegment(
                        volume.volume().segments().all().iterator().next().id());
    }

    public @Nullable StoreException failure() {
        return volume.failure();
    }

    public List<Long> segments() {
        return volume.volume().segments().all().stream().map(Segment::id).toList();
    }

    /// Everything that is visible: objects (`o/BUCKET/NAME`), the versions of each (`v/BUCKET/NAME`), uploads
    /// (`u/BUCKET/NAME/ID`) and parts
    /// (`p/BUCKET/NAME/ID/NUMBER`) with digests of what they hold, tombstones (`t/BUCKET/NAME`) with their
    /// stamps, and what is to be told of a bucket's changes (`n/BUCKET`).
    public Map<String, String> world() {
        Map<String, String> world = new TreeMap<>();
        if (volumes.size() > 1) {
            List.of(GROUP, NONE, STRICT, DOOMED).forEach(bucket -> addObjects(bucket, world));
        }
        for (VolumeStore each : volumes) {
            if (volumes.size() == 1) {
                addDigests(each, Family.CURRENT, world);
            }
            try (IndexCursor cursor = ofBuckets(each, Family.UPLOADS)) {
                for (; cursor.isValid(); cursor.next()) {
                    world.put("u/" + place(cursor.key()) + "/" + IndexKeys.uploadId(cursor.key()), "upload");
                }
            }
            addDigests(each, Family.PARTS, world);
            addTombstones(each, world);
        }
        addVersions(world);
        for (long bucket : List.of(VERSIONED, TOLD)) {
            List<Letter> letters = store.outbox().first(Long.toString(bucket), Integer.MAX_VALUE);
            if (!letters.isEmpty()) {
                world.put("n/" + bucket, letters.stream().map(Letter::text).collect(Collectors.joining("|")));
            }
        }
        return world;
    }

    /// Digests of all versions of an object in one text, the newest first, and `-` for a delete marker.
    private void addVersions(Map<String, String> world) {
        try (VersionScan scan = store.scanVersions(VERSIONED)) {
            while (scan.next()) {
                List<String> digests = new ArrayList<>();
                for (VersionScan.Version version : scan.versions()) {
                    digests.add(digest(scan.name(), version));
                }
                world.put("v/" + VERSIONED + "/" + scan.name(), String.join("|", digests));
            }
        }
    }

    private String digest(String name, VersionScan.Version version) {
        if (version.record().isDeleteMarker()) {
            return "-";
        }
        ObjectKey object = key(VERSIONED, name);
        ObjectKey key = version.latest() ? object : object.at(version.id());
        ReadOutcome outcome = store.read(bucket(VERSIONED), key, Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (!(outcome instanceof ReadOutcome.Found found)) {
            throw new StoreException(ErrorCode.CORRUPT, key + " is listed and absent");
        }
        verify(found.record());
        return digest(StoreFixture.content(found.slices()), Map.of());
    }

    private static void addTombstones(VolumeStore volume, Map<String, String> world) {
        try (IndexCursor cursor = ofBuckets(volume, Family.TOMBSTONES)) {
            for (; cursor.isValid(); cursor.next()) {
                world.put(
                        "t/" + place(cursor.key()),
                        Tombstone.of(cursor.value()).stamp().toString());
            }
        }
    }

    /// What is listed, once each, and read.
    private void addObjects(long bucket, Map<String, String> world) {
        try (Scan scan = store.scan(bucket)) {
            while (scan.next()) {
                byte[] content =
                        Objects.requireNonNull(get(bucket, scan.name()), scan.name() + " is listed and absent");
                String before = world.put(
                        "o/" + bucket + "/" + scan.name(),
                        digest(content, scan.record().custom()) + stamped(scan.record()));
                Check.that(before == null, "%s is listed twice", scan.name());
            }
        }
    }

    private static void addDigests(VolumeStore volume, Family family, Map<String, String> world) {
        try (IndexCursor cursor = ofBuckets(volume, family)) {
            for (; cursor.isValid(); cursor.next()) {
                world.put(name(family, cursor.key()), digest(volume, ObjectRecord.of(cursor.value())));
            }
        }
    }

    /// Reads and verifies every object and part that it can into the map, under the keys of `world`, and
    /// returns why others could not be read.
    public List<StoreException> readAll(Map<String, String> found) {
        List<StoreException> failures = new ArrayList<>();
        for (Family family : List.of(Family.CURRENT, Family.PARTS)) {
            try (IndexCursor cursor = ofBuckets(volume, family)) {
                for (; cursor.isValid(); cursor.next()) {
                    try {
                        ObjectRecord record = ObjectRecord.of(cursor.value());
                        verify(record);
                        found.put(name(family, cursor.key()), digest(volume, record));
                    } catch (StoreException e) {
                        failures.add(e);
                    }
                }
            }
        }
        return failures;
    }

    private static String name(Family family, byte[] key) {
        if (family == Family.CURRENT) {
            return "o/" + place(key);
        }
        byte[] upload = Arrays.copyOf(key, key.length - 5);
        return "p/" + place(upload) + "/" + IndexKeys.uploadId(upload) + "/" + IndexKeys.partNumber(key);
    }

    private static String place(byte[] key) {
        return IndexKeys.bucketId(key) + "/" + IndexKeys.name(key);
    }

    /// What buckets have.
    private static IndexCursor ofBuckets(VolumeStore volume, Family family) {
        return cursor(volume, family, IndexKeys.bucketEnd(1000));
    }

    private static IndexCursor cursor(VolumeStore volume, Family family, byte[] end) {
        IndexCursor cursor = volume.index().cursor(family, end);
        cursor.seek(IndexKeys.start());
        return cursor;
    }

    private void verify(ObjectRecord record) {
        Checksum kept = record.checksum(ChecksumType.XXHASH64);
        if (kept != null
                && !Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content(volume, record)))
                        .equals(kept)) {
            throw new StoreException(ErrorCode.CORRUPT, "the checksum of an object is wrong");
        }
    }

    private static String digest(VolumeStore volume, ObjectRecord record) {
        return digest(content(volume, record), record.custom()) + stamped(record);
    }

    /// What tells the stamp of a copy from another node.
    private static String stamped(ObjectRecord record) {
        return record.stamp().epoch() == 0 ? "" : "@" + record.stamp();
    }

    private static byte[] content(VolumeStore volume, ObjectRecord record) {
        List<FileSlice> slices =
                record.size() == 0 ? List.of() : volume.open(record, new ByteRange(0, record.size()), Waiting.ALLOWED);
        if (slices == null) {
            throw new StoreException(ErrorCode.CORRUPT, "the file of an object is missing");
        }
        return StoreFixture.content(slices);
    }

    /// What `world` says of an object with that content and user metadata.
    public static String digest(byte[] content, Map<String, String> custom) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.wrap(content));
        return content.length + ":" + Long.toHexString(crc.getValue()) + (custom.isEmpty() ? "" : custom.toString());
    }

    /// Counts all space again and throws when the books say something else.
    public void checkBooks() {
        volumes.forEach(SimulatedStore::checkBooks);
    }

    private static void checkBooks(VolumeStore volume) {
        Segments counted = new Segments();
        SpaceUse use = new SpaceUse(counted, id -> 0);
        for (Family family :
                List.of(Family.CURRENT, Family.VERSIONS, Family.UPLOADS, Family.PARTS, Family.TOMBSTONES)) {
            try (IndexCursor cursor = cursor(volume, family, IndexKeys.end())) {
                for (; cursor.isValid(); cursor.next()) {
                    use.add(family, cursor.value());
                }
            }
        }
        same("live bytes of segments", live(counted), live(volume.volume().segments()));
        same("objects", use.objectCount(), volume.objectCount());
    }

    private static void same(String what, Object counted, Object kept) {
        if (!counted.equals(kept)) {
            throw new AssertionError(what + " are " + counted + ", but the books say " + kept);
        }
    }

    private static Map<Long, Long> live(Segments segments) {
        Map<Long, Long> live = new HashMap<>();
        for (Segment segment : segments.all()) {
            if (segment.liveBytes() != 0) {
                live.put(segment.id(), segment.liveBytes());
            }
        }
        return live;
    }

    /// Space that the store uses in files of any kind.
    public long usedBytes() {
        return store.space().usedBytes();
    }

    @Override
    public void close() {
        store.close();
    }
}
