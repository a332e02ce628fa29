package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.FuzzModel.Content;
import io.forebay.storage.volume.CapturedLog;
import io.forebay.storage.volume.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Random operations on a node with several volumes, which come, go and fail, against a model (`FuzzModel`).
///
/// While a volume is out of service, what only it has is answered as unavailable: never as absent, never as it
/// was before, and not when a volume that serves has it. When the volume is back everything is as it should be.
///
/// Every build runs the same rows; `scripts/fuzz` looks for others. `-Dseed=` repeats a run, `-Diterations=`
/// makes it longer; `-Drows=` and `-Dseconds=` say how many more runs, with the seeds that follow, and for
/// how long new ones begin (`scripts/fuzz`).
final class StoreFuzzTest {
    private static final long SEED = Long.getLong("seed", 100);
    private static final int ITERATIONS = Integer.getInteger("iterations", 400);
    private static final List<Bucket> BUCKETS = List.of(
            StoreFixture.bucket(1, Durability.GROUP),
            StoreFixture.bucket(2, Durability.NONE),
            StoreFixture.bucket(3, Durability.STRICT));

    private static final int ROWS = Integer.getInteger("rows", 3);
    private static final long SECONDS = Long.getLong("seconds", 15);
    private static final int REMEMBERED = 60;

    @TempDir
    private Path root;

    private final Random random = new Random(SEED);
    private final List<String> history = new ArrayList<>();
    private FuzzModel model = new FuzzModel();
    private FuzzUploads uploads = new FuzzUploads();
    private @Nullable ShakyNode shaky;
    /// Whether that is a copy, which says nothing of what becomes of the node.
    private boolean crashed;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void storeAndModelAgree() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            rows();
            assertThat(log.lines()).allMatch(line -> line.contains("olume"), "lines that name a volume");
        }
    }

    private void rows() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int rows = 0;
        while (rows < ROWS && (rows == 0 || System.nanoTime() < deadline)) {
            Path folder = Files.createDirectory(root.resolve("row" + rows));
            model = new FuzzModel();
            uploads = new FuzzUploads();
            history.clear();
            row(SEED + rows, folder);
            LiveTree.delete(folder);
            rows++;
        }
        System.out.printf("store fuzz: %,d rows of %,d operations from seed %d%n", rows, ITERATIONS, SEED);
    }

    private ShakyNode shaky() {
        return Objects.requireNonNull(shaky);
    }

    private VolumesFixture node() {
        return shaky().node();
    }

    private ObjectStore store() {
        return shaky().store();
    }

    /// Two rows in three have no threads in the background: their seeds repeat everything.
    private void row(long seed, Path folder) throws IOException {
        random.setSeed(seed);
        boolean threads = random.nextInt(3) == 0;
        StoreOpening.Background background = threads ? StoreOpening.Background.THREADS : StoreOpening.Background.CALLER;
        try (ShakyNode opened = new ShakyNode(folder.resolve("node"), random, background)) {
            shaky = opened;
            for (int step = 0; step < ITERATIONS; step++) {
                step(threads);
            }
            history.add("mend");
            opened.mendAll();
            opened.calm();
            check();
            abortUploads();
            assertThat(store().settle())
                    .as("all volumes work, and objects move")
                    .isTrue();
            check();
            assertCounts();
            opened.restart();
            check();
            removeEverything();
        } catch (AssertionError | RuntimeException e) {
            List<String> last = history.subList(Math.max(0, history.size() - REMEMBERED), history.size());
            throw new AssertionError(
                    "scripts/fuzz 1 " + seed + " repeats this: " + e.getMessage() + ", after step " + history.size()
                            + " of " + last,
                    e);
        }
    }

    private void step(boolean threads) throws IOException {
        Bucket bucket = BUCKETS.get(random.nextInt(BUCKETS.size()));
        String name = "n" + random.nextInt(30);
        switch (random.nextInt(55)) {
            case 0 -> {
                history.add("restart");
                shaky().restart();
            }
            case 1 -> check();
            case 2 -> {
                if (!threads) {
                    crash();
                }
            }
            case 3, 4 -> remove(bucket, name);
            case 5, 6 -> removeMany(bucket);
            case 7, 8, 9 -> changeCustom(bucket, name);
            case 10, 11 -> createUpload(bucket, name);
            case 12, 13, 14, 15, 16 -> putPart();
            case 17 -> endUpload();
            case 18, 19, 20, 21, 22, 23 -> read(bucket, name);
            case 24 -> work(threads);
            case 25 -> {
                history.add("settle");
                shaky().settle();
            }
            case 26, 27, 28, 29, 30 -> history.add(shaky().shake());
            case 31 -> lose();
            case 32, 33, 34, 35 -> receive(bucket, name);
            case 36, 37 -> receiveRemoval(bucket, name);
            case 38 -> {
                history.add("forget");
                try {
                    store().holdings().dropTombstones(random.nextInt(20), Duration.ZERO, UnaryOperator.identity());
                } catch (StoreException e) {
                    refused(e);
                }
            }
            default -> put(bucket, name);
        }
    }

    /// What the background threads do.
    private void work(boolean threads) {
        history.add("work");
        for (VolumeStore volume : store().volumes().all()) {
            volume.upkeep().requestFlush();
            if (!threads && volume.failure() == null) {
                try {
                    for (int step = 0; step < 20 && volume.compaction().step() >= 0; step++) {
                        history.add("compact");
                    }
                    volume.upkeep().round();
                } catch (StoreException e) {
                    refused(e);
                }
            }
        }
    }

    private byte[] content() {
        return bytes(random.nextLong(), random.nextInt(random.nextInt(4) == 0 ? 60_000 : 3_000));
    }

    private static String at(Bucket bucket, String name) {
        return bucket.id() + "/" + name;
    }

    private void put(Bucket bucket, String name) {
        byte[] content = content();
        history.add("put " + at(bucket, name) + " " + content.length);
        long length = random.nextInt(5) == 0 ? -1 : content.length;
        Content fresh = Content.of(content, Map.of(), 0);
        try {
            ObjectRecord record = node().put(bucket, name, content, WriteOptions.ofLength(length), Conditions.NONE);
            replaced(bucket, name, fresh, record);
        } catch (StoreException e) {
            refused(e);
            model.maybe(at(bucket, name), fresh);
        }
    }

    private void replaced(Bucket bucket, String name, Content fresh, ObjectRecord record) {
        String at = at(bucket, name);
        long before = model.only(at).version();
        boolean counted = model.isCertain(at) && (before > 0 || !model.mayBe(at, true));
        if (shaky().isWell() && counted) {
            assertThat(record.version()).as(at).isEqualTo(before + 1);
        }
        model.set(at, Content.of(fresh.bytes(), fresh.custom(), record.version()));
    }

    private void remove(Bucket bucket, String name) {
        String at = at(bucket, name);
        history.add("remove " + at);
        try {
            removed(at, store().remove(bucket, key(bucket, name), Conditions.NONE), null);
        } catch (StoreException e) {
            removed(at, false, e);
        }
    }

    private void removed(String at, boolean removed, @Nullable StoreException failure) {
        if (failure != null) {
            refused(failure);
            model.maybe(at, FuzzModel.ABSENT);
            return;
        }
        assertThat(removed || model.mayBe(at, false)).as(at + " was there").isTrue();
        if (shaky().isWell()) {
            assertThat(!removed || model.mayBe(at, true))
                    .as(at + " was not there")
                    .isTrue();
        }
        model.set(at, FuzzModel.ABSENT);
    }

    private void removeMany(Bucket bucket) {
        List<String> names =
                random.ints(random.nextInt(6), 0, 30).mapToObj(n -> "n" + n).toList();
        history.add("remove " + bucket.id() + "/" + names);
        List<RemovalOutcome> outcomes = store().removeAll(
                        bucket,
                        names.stream()
                                .map(name -> new ObjectRemoval(key(bucket, name), RemovalOptions.NONE))
                                .toList());
        for (int index = 0; index < names.size(); index++) {
            RemovalOutcome outcome = outcomes.get(index);
            removed(at(bucket, names.get(index)), outcome.removed() != null, outcome.failure());
        }
    }

    private void changeCustom(Bucket bucket, String name) {
        String at = at(bucket, name);
        history.add("custom " + at);
        Map<String, String> custom = Map.of("k" + random.nextInt(3), "v" + random.nextInt(1000));
        try {
            store().updateCustom(bucket, key(bucket, name), custom, MapChange.REPLACE);
            assertThat(model.mayBe(at, true)).as(at).isTrue();
            model.change(at, content -> content.withCustom(custom));
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_OBJECT) {
                assertThat(model.mayBe(at, false)).as(at).isTrue();
                return;
            }
            refused(e);
            for (Content content : List.copyOf(model.possible(at))) {
                model.maybe(at, content.isPresent() ? content.withCustom(custom) : content);
            }
        }
    }

    /// A copy comes from another node: one that is newer than what is here, or one that is not.
    private void receive(Bucket bucket, String name) {
        String at = at(bucket, name);
        boolean newer = random.nextInt(4) != 0;
        byte[] content = content();
        history.add("receive " + at + " " + content.length + (newer ? "" : " old"));
        Content fresh = Content.of(content, Map.of(), 0);
        try {
            Held known = store().holdings().find(bucket, new ObjectKey(bucket.name(), name));
            Stamp here = known == null ? Stamp.NONE : known.stamp();
            if (!newer && here.version() < 2) {
                return;
            }
            Stamp stamp = newer ? here.next(random.nextInt(3)) : new Stamp(here.epoch(), here.version() - 1);
            Received received = receive(bucket, name, content, stamp);
            assertThat(received.accepted()).as(at + " " + received).isEqualTo(newer);
            if (newer) {
                model.set(at, Content.of(content, Map.of(), stamp.version()));
            }
        } catch (StoreException e) {
            refused(e);
            if (newer) {
                model.maybe(at, fresh);
            }
        }
    }

    private Received receive(Bucket bucket, String name, byte[] content, Stamp stamp) {
        RecordDraft description = new RecordDraft(
                content.length,
                1,
                1,
                stamp.version(),
                stamp,
                List.of(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content))),
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null);
        try (ReceiveSession session = store().holdings().receive(bucket, key(bucket, name), content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            return session.commit(description);
        }
    }

    /// Another node removed an object, which is remembered.
    private void receiveRemoval(Bucket bucket, String name) {
        String at = at(bucket, name);
        history.add("receive removal " + at);
        Holdings holdings = store().holdings();
        try {
            Held known = holdings.find(bucket, new ObjectKey(bucket.name(), name));
            Stamp stamp = (known == null ? Stamp.NONE : known.stamp()).next(random.nextInt(3));
            Received received = holdings.receiveRemoval(bucket, key(bucket, name), stamp);
            assertThat(received).as(at).isEqualTo(new Received(true, stamp));
            model.set(at, FuzzModel.ABSENT);
            assertThat(holdings.find(bucket, new ObjectKey(bucket.name(), name)))
                    .as(at)
                    .isEqualTo(new Held(stamp, null));
        } catch (StoreException e) {
            refused(e);
            model.maybe(at, FuzzModel.ABSENT);
        }
    }

    private void createUpload(Bucket bucket, String name) {
        history.add("upload " + at(bucket, name));
        Upload.Options options = new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of("up", "load"));
        try {
            String id = store().createUpload(bucket, key(bucket, name), options);
            uploads.begin(id, bucket, name);
        } catch (StoreException e) {
            refused(e);
        }
    }

    private void putPart() {
        FuzzUploads.Pending pending = uploads.any(random);
        if (pending == null) {
            return;
        }
        int number = 1 + random.nextInt(4);
        byte[] content = content();
        history.add("part " + number + " of " + at(pending.bucket(), pending.name()));
        try {
            node().putPart(pending.bucket(), pending.name(), pending.id(), number, content);
            pending.set(number, content);
        } catch (StoreException e) {
            if (!uploads.isLost(pending, e)) {
                refused(e);
                pending.maybe(number, content);
            }
        }
    }

    private void endUpload() {
        FuzzUploads.Pending pending = uploads.any(random);
        if (pending == null) {
            return;
        }
        Bucket bucket = pending.bucket();
        String name = pending.name();
        boolean abort = random.nextBoolean();
        history.add((abort ? "abort " : "complete ") + at(bucket, name));
        Content whole = null;
        try {
            if (abort) {
                store().abortUpload(bucket, key(bucket, name), pending.id());
            } else {
                whole = Content.of(pending.read(store()), Map.of("up", "load"), 0);
                ObjectRecord record = store().completeUpload(
                                bucket,
                                key(bucket, name),
                                pending.id(),
                                Conditions.NONE,
                                (upload, parts) -> new Completion(parts, null, List.of(), null, null));
                replaced(bucket, name, whole, record);
            }
            uploads.end(pending);
        } catch (StoreException e) {
            if (!uploads.isLost(pending, e)) {
                refused(e);
                pending.mayBeGone();
                if (whole != null) {
                    model.maybe(at(bucket, name), whole);
                }
            }
        }
    }

    private void read(Bucket bucket, String name) {
        byte[] found;
        try {
            found = node().get(bucket, name);
        } catch (StoreException e) {
            refused(e);
            if (!shaky().isFailing()) {
                assertThat(shaky().serves(IndexKeys.object(bucket.id(), name)))
                        .as(at(bucket, name) + " is on a volume that serves: " + e.text() + " " + shaky())
                        .isFalse();
            }
            return;
        }
        List<Content> contents = model.found(at(bucket, name), found);
        if (shaky().isWell() && !crashed) {
            model.narrow(at(bucket, name), contents);
        }
    }

    /// Something was refused, as may be only while a volume is not as it should be.
    private void refused(StoreException e) {
        assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.VOLUME_FAILED);
        assertThat(shaky().isWell())
                .as("all volumes work, and yet: " + e.text())
                .isFalse();
    }

    /// A volume out of service is given up with what it has.
    private void lose() {
        String lost = shaky().lose();
        if (lost.isEmpty()) {
            return;
        }
        history.add("lose " + lost);
        for (Bucket bucket : BUCKETS) {
            for (String at : model.names(bucket.id() + "/")) {
                boolean served = shaky().serves(IndexKeys.object(bucket.id(), at.substring(at.indexOf('/') + 1)));
                if (!served && shaky().lacksVolume()) {
                    model.maybe(at, FuzzModel.ABSENT);
                } else if (!served) {
                    model.set(at, FuzzModel.ABSENT);
                }
            }
        }
        uploads.all().forEach(FuzzUploads.Pending::mayBeGone);
    }

    /// What a kill leaves: a copy of everything while the store is open, which is then opened.
    private void crash() throws IOException {
        history.add("crash");
        Path copy = Files.createTempDirectory(root, "crash");
        Path from = shaky().root();
        List<Path> before;
        do {
            before = LiveTree.walk(from, file -> true);
            LiveTree.delete(copy);
            LiveTree.copy(from, copy, file -> true);
        } while (!before.equals(LiveTree.walk(from, file -> true)));
        ShakyNode running = shaky();
        boolean well = running.isWell();
        try (ShakyNode copied = new ShakyNode(copy, random, StoreOpening.Background.CALLER)) {
            shaky = copied;
            crashed = true;
            check();
            if (well && copied.isWell()) {
                assertSameBooks(running, copied);
            }
        } finally {
            shaky = running;
            crashed = false;
        }
        LiveTree.delete(copy);
    }

    /// The replayed space books say what those of the running store say.
    private static void assertSameBooks(ShakyNode running, ShakyNode replayed) {
        for (VolumeStore left : running.store().volumes().all()) {
            Member member =
                    replayed.store().volumes().current().find(left.volume().toString());
            VolumeStore right =
                    Objects.requireNonNull(Objects.requireNonNull(member).store());
            assertThat(live(right)).isEqualTo(live(left));
            assertThat(right.usedBytes() - right.volume().segments().count() * (1L << 20))
                    .isEqualTo(left.usedBytes() - left.volume().segments().count() * (1L << 20));
        }
    }

    private static Map<Long, Long> live(VolumeStore store) {
        Map<Long, Long> live = new TreeMap<>();
        for (Segment segment : store.volume().segments().all()) {
            if (segment.liveBytes() > 0) {
                live.put(segment.id(), segment.liveBytes());
            }
        }
        return live;
    }

    private void check() {
        history.add("check");
        for (Bucket bucket : BUCKETS) {
            checkListing(bucket);
            for (int number = 0; number < 30; number++) {
                read(bucket, "n" + number);
            }
        }
        if (shaky().isWell()) {
            uploads.all().forEach(pending -> pending.check(store()));
        }
    }

    /// A listing is complete or refused.
    private void checkListing(Bucket bucket) {
        boolean complete = !shaky().lacksVolume();
        List<String> names;
        try {
            names = scan(bucket);
        } catch (StoreException e) {
            refused(e);
            assertThat(shaky().lacksVolume()).as(e.text()).isTrue();
            return;
        }
        assertThat(complete).as("a listing while a volume is out of service").isTrue();
        for (int number = 0; number < 30; number++) {
            String at = at(bucket, "n" + number);
            boolean listed = names.contains("n" + number);
            assertThat(model.mayBe(at, listed))
                    .as(at + (listed ? " is listed" : " is not listed"))
                    .isTrue();
        }
        assertThat(names).isSorted().doesNotHaveDuplicates();
    }

    private List<String> scan(Bucket bucket) {
        List<String> names = new ArrayList<>();
        try (Scan scan = store().scan(bucket.id())) {
            while (scan.next()) {
                names.add(scan.name());
                model.foundRecord(
                        at(bucket, scan.name()),
                        scan.record().custom(),
                        scan.record().version());
            }
        }
        return names;
    }

    /// No object is there twice.
    private void assertCounts() {
        long objects = 0;
        for (Bucket bucket : BUCKETS) {
            objects += model.names(bucket.id() + "/").size();
        }
        assertThat(store().space().objectCount()).isEqualTo(objects);
    }

    private void abortUploads() {
        for (Bucket bucket : BUCKETS) {
            for (Upload upload : store().listUploads(bucket.id(), "", "", 10_000)) {
                store().abortUpload(bucket, key(bucket, upload.name()), upload.id());
            }
        }
        uploads = new FuzzUploads();
    }

    /// When nothing is left, the books show nothing: every byte that was counted was counted back.
    private void removeEverything() {
        store().holdings().dropTombstones(Long.MAX_VALUE, Duration.ZERO, UnaryOperator.identity());
        for (Bucket bucket : BUCKETS) {
            for (String at : model.names(bucket.id() + "/")) {
                remove(bucket, at.substring(at.indexOf('/') + 1));
            }
        }
        assertThat(store().space().objectCount()).isZero();
        for (VolumeStore volume : store().volumes().all()) {
            assertThat(live(volume)).isEmpty();
            assertThat(volume.usedBytes()).isEqualTo(volume.volume().segments().count() * (1L << 20));
        }
    }
}
