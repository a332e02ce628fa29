package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import io.forebay.storage.volume.CapturedLog;
import io.forebay.storage.volume.FaultyDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A disk that fails: every change of it that an operation makes, one after the other, once and for good.
final class FaultTest {
    private static final String IO_ERROR = "Input/output error";
    private static final String FULL = "No space left on device";
    private static final String READ_ONLY = "Read-only file system";
    private static final CrashBase BASE = CrashBase.of(CrashBase.Fill.NEARLY_FULL);

    /// A store on a copy of the base whose disk can be told to fail.
    private static final class Faulty implements AutoCloseable {
        private final SimulatedDisk disk = BASE.disk().disk(SimulatedDisk.Flaw.NONE);
        private final FaultyDisk faulty = new FaultyDisk(disk);
        private final InMemoryEngine engine = new InMemoryEngine(BASE.index(), InMemoryEngine.Flaw.NONE);
        private final Model model = Model.of(BASE.world());
        private final SimulatedStore store = SimulatedStore.open(faulty, engine);

        @Override
        public void close() {
            faulty.heal();
            store.close();
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void anyChangeThatFailsFailsOneOperationAndLosesNothing() {
        int faults = 0;
        for (String message : List.of(IO_ERROR, FULL, READ_ONLY)) {
            for (boolean forever : new boolean[] {false, true}) {
                for (Operation operation : Operation.values()) {
                    int number = 1;
                    while (failsAt(operation, number, forever, message)) {
                        number++;
                        faults++;
                    }
                }
            }
        }
        System.out.printf("faults: %,d changes of a disk failed one by one%n", faults);
        assertThat(faults).isGreaterThan(500);
    }

    /// False when the operation makes fewer changes.
    private static boolean failsAt(Operation operation, int number, boolean forever, String message) {
        String what = operation + ", change " + number + (forever ? " and all after" : "") + ": " + message;
        try (CapturedLog log = new CapturedLog();
                Faulty base = new Faulty()) {
            StoreException failure = runFailing(base, operation, number, forever, message);
            if (base.faulty.takeFaults() == 0) {
                return false;
            }
            assertTold(log, base.store, what, message);
            Model.Expectation expected = base.model.expectation();
            // What was there is read as before, while the fault lasts.
            Map<String, String> visible = base.store.world();
            expected.check(visible);
            base.faulty.heal();
            StoreException volume = base.store.failure();
            if (failure != null) {
                boolean full = message.equals(FULL) && volume == null;
                assertThat(failure.code()).as(what).isEqualTo(full ? ErrorCode.NO_SPACE : ErrorCode.VOLUME_FAILED);
                assertThat(failure.text()).as(what).contains(message);
            }
            if (volume == null) {
                base.store.put(GROUP, "after", new byte[100]);
                base.store.remove(GROUP, "after");
                base.store.round();
                expected.check(base.store.world());
                base.store.checkBooks();
            } else {
                assertThatThrownBy(() -> base.store.put(GROUP, "after", new byte[100]))
                        .as(what)
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED));
                assertThat(base.store.metrics().text()).as(what).containsPattern("storage_volume_failed\\{.*\\} 1");
            }
            reopened(base, base.disk.image().crash(Fates.EVERYTHING.fate()), expected);
            reopened(base, base.disk.image().crash(Fates.NOTHING.fate()), expected);
            return true;
        } catch (StoreException | AssertionError e) {
            throw new AssertionError(what + ": " + e.getMessage(), e);
        }
    }

    /// One line in the log and a metric say what the disk did, however often it did.
    private static void assertTold(CapturedLog log, SimulatedStore store, String what, String message) {
        assertThat(log.take())
                .as(what)
                .filteredOn(line -> line.contains(message))
                .hasSize(1);
        boolean full = message.equals(FULL);
        String metrics = store.metrics().text();
        assertThat(metrics)
                .as(what)
                .containsPattern(
                        full
                                ? "storage_disk_full_errors\\{[^}]*\\} [1-9]"
                                : "storage_io_errors\\{[^}]*operation=\"write\"\\} [1-9]");
        assertThat(metrics).as(what).containsPattern("storage_io_errors\\{[^}]*operation=\"read\"\\} 0");
    }

    @Test
    void aStopThatFailsLosesNothing() {
        int faults = 0;
        for (String message : List.of(IO_ERROR, FULL, READ_ONLY)) {
            for (Operation operation : List.of(Operation.PUT_SMALL_UNSYNCED, Operation.PUT_LARGE_UNSYNCED)) {
                for (int number = 1; stopFailsAt(operation, number, message); number++) {
                    faults++;
                }
            }
        }
        assertThat(faults).isGreaterThan(5);
    }

    /// False when a stop makes fewer changes.
    private static boolean stopFailsAt(Operation operation, int number, String message) {
        CapturedLog log = new CapturedLog();
        Faulty base = new Faulty();
        operation.run(base.store, base.model);
        base.faulty.failChange(number, true, message);
        try {
            base.store.close();
        } catch (StoreException e) {
            assertThat(e.text()).contains(message);
        }
        boolean failed = base.faulty.takeFaults() > 0;
        log.close();
        assertThat(log.lines()).filteredOn(line -> line.contains(message)).hasSize(failed ? 1 : 0);
        Model.Expectation expected = base.model.expectation();
        reopened(base, base.disk.image().crash(Fates.EVERYTHING.fate()), expected);
        reopened(base, base.disk.image().crash(Fates.NOTHING.fate()), expected);
        return failed;
    }

    private static @Nullable StoreException runFailing(
            Faulty base, Operation operation, int number, boolean forever, String message) {
        base.faulty.failChange(number, forever, message);
        try {
            operation.run(base.store, base.model);
            return null;
        } catch (StoreException e) {
            return e;
        }
    }

    /// The restart after a fault finds what was acknowledged.
    private static void reopened(Faulty base, DiskImage.Crashed left, Model.Expectation expected) {
        for (InMemoryEngine.Image index : List.of(base.engine.flushed(), InMemoryEngine.Image.EMPTY)) {
            SimulatedDisk disk = left.disk(SimulatedDisk.Flaw.NONE);
            try (SimulatedStore store =
                    SimulatedStore.open(disk, new InMemoryEngine(index, InMemoryEngine.Flaw.NONE))) {
                expected.check(store.world());
                store.put(GROUP, "after", new byte[100]);
            }
        }
    }

    @Test
    void aFileThatCannotBeReadHarmsNoOther() {
        int refused = 0;
        try (CapturedLog log = new CapturedLog();
                Faulty base = new Faulty()) {
            for (String path : base.disk.paths()) {
                base.faulty.fail(IO_ERROR, (operation, at) -> operation.equals("read") && at.equals(path));
                Map<String, String> read = new TreeMap<>();
                List<StoreException> failures = base.store.readAll(read);
                read.forEach((key, digest) ->
                        assertThat(digest).isEqualTo(BASE.world().get(key)));
                failures.forEach(failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.VOLUME_FAILED);
                    assertThat(failure.text()).contains(IO_ERROR);
                });
                if (path.startsWith("files/")) {
                    assertThat(failures).as(path).hasSizeLessThanOrEqualTo(1);
                }
                refused += failures.size();
            }
            assertThat(refused).isPositive();
            assertThat(log.lines())
                    .hasSize(1)
                    .allMatch(line -> line.contains("cannot read ") && line.contains(IO_ERROR));
            assertThat(base.store.metrics().text())
                    .containsPattern("storage_io_errors\\{[^}]*operation=\"read\"\\} " + refused);
            base.faulty.heal();
            assertThat(base.store.world()).isEqualTo(BASE.world());
            assertThat(base.store.failure()).isNull();
        }
    }

    @Test
    void aMissingFileIsOneDamagedObject() {
        for (String path : BASE.disk().files().keySet()) {
            if (path.startsWith("files/")) {
                Map<String, Content> files = new TreeMap<>(BASE.disk().files());
                files.remove(path);
                damaged(new DiskImage.Crashed(files, BASE.disk().folders()), path, 1, BASE.index());
            }
        }
    }

    @Test
    void aTruncatedFileHarmsOnlyWhatWasCutOff() {
        for (String path : BASE.disk().files().keySet()) {
            Content content = BASE.disk().files().get(path);
            if (content != null && (path.startsWith("files/") || path.endsWith(".seg"))) {
                Map<String, Content> files = new TreeMap<>(BASE.disk().files());
                files.put(path, content.truncated(content.size() / 2));
                damaged(
                        new DiskImage.Crashed(files, BASE.disk().folders()),
                        path,
                        path.startsWith("files/") ? 1 : Integer.MAX_VALUE,
                        BASE.index());
            }
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aFlippedByteHarmsAtMostOneObjectAndIsFoundByItsChecksum() {
        CrashBase flushed = BASE.settled();
        int flips = 0;
        for (String path : flushed.disk().files().keySet()) {
            Content content = flushed.disk().files().get(path);
            if (content == null || !(path.startsWith("files/") || path.endsWith(".seg"))) {
                continue;
            }
            for (int at = 0; at < content.size(); at += path.endsWith(".seg") ? 401 : 2999) {
                Map<String, Content> files = new TreeMap<>(flushed.disk().files());
                files.put(path, content.flipped(at));
                damaged(new DiskImage.Crashed(files, flushed.disk().folders()), path, 1, flushed.index());
                flips++;
            }
        }
        assertThat(flips).isGreaterThan(200);
    }

    /// Opens what is damaged: every object is read as it was or is refused as damaged, and no more are than
    /// may be; or the volume says in words what is wrong with it.
    private static void damaged(DiskImage.Crashed left, String path, int most, InMemoryEngine.Image index) {
        SimulatedDisk disk = left.disk(SimulatedDisk.Flaw.NONE);
        try (CapturedLog log = new CapturedLog();
                SimulatedStore store = SimulatedStore.open(disk, new InMemoryEngine(index, InMemoryEngine.Flaw.NONE))) {
            Map<String, String> read = new TreeMap<>();
            List<StoreException> failures = store.readAll(read);
            read.forEach((key, digest) ->
                    assertThat(digest).as(path).isEqualTo(BASE.world().get(key)));
            assertThat(failures).as(path).hasSizeLessThanOrEqualTo(most);
            failures.forEach(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CORRUPT));
            store.scrub();
            long told = log.lines().stream()
                    .filter(line -> line.startsWith("SEVERE") && line.contains(" is damaged: "))
                    .count();
            // A log record may be damaged where it does not have bytes of its object: that is told, too.
            assertThat(told).as(path).isBetween((long) failures.size(), (long) most);
            assertThat(store.metrics().text())
                    .as(path)
                    .containsPattern("storage_damaged_objects\\{.*\\} " + told)
                    .containsPattern("storage_damage_found_total\\{.*\\} " + told);
            store.put(GROUP, "after", new byte[100]);
        } catch (StoreException e) {
            assertThat(e.code()).as(path).isIn(ErrorCode.CORRUPT, ErrorCode.VOLUME_FAILED);
            assertThat(e.text()).as(path).contains(path);
        }
    }

    @Test
    void aFullDiskTakesNoWritesAndGoesOnWithTheRest() {
        SimulatedDisk disk = BASE.disk().disk(2_000_000);
        InMemoryEngine engine = new InMemoryEngine(BASE.index(), InMemoryEngine.Flaw.NONE);
        try (SimulatedStore store = SimulatedStore.withReserve(disk, engine, "20%")) {
            List<String> written = new ArrayList<>();
            StoreException refusal = fill(store, written);
            assertThat(refusal.code()).isEqualTo(ErrorCode.NO_SPACE);
            assertThat(store.failure()).isNull();
            assertThat(written).hasSizeGreaterThan(50);
            assertThat(store.metrics().text()).containsPattern("storage_refused_no_space_total\\{.*\\} [1-9]");
            written.forEach(name -> assertThat(store.get(GROUP, name)).isEqualTo(bytes(name)));
            // Removing writes to the log: it may use the reserve.
            written.forEach(name -> store.remove(GROUP, name));
            for (int round = 0; round < 6; round++) {
                store.requestFlush();
                store.round();
            }
            List<String> again = new ArrayList<>();
            fill(store, again);
            assertThat(again).hasSizeGreaterThan(written.size() / 2);
        }
    }

    private static StoreException fill(SimulatedStore store, List<String> written) {
        for (int count = 0; ; count++) {
            String name = "fill" + count;
            try {
                store.put(GROUP, name, bytes(name));
                written.add(name);
                store.round();
            } catch (StoreException e) {
                return e;
            }
        }
    }

    private static byte[] bytes(String name) {
        byte[] bytes = new byte[name.hashCode() % 2 == 0 ? 6000 : 20_000];
        new java.util.Random(name.hashCode()).nextBytes(bytes);
        return bytes;
    }
}
