package io.forebay.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SegmentLogTest {
    @TempDir
    private Path folder;

    @Test
    void committedRecordsComeBackInOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            try (LogFixture fixture = open(folder)) {
                assertThat(fixture.recovered()).isEqualTo(expected);
                for (Durability durability : Durability.values()) {
                    String text = "run " + run + " " + durability;
                    fixture.commit(text, 10 * run, durability);
                    expected.add(text);
                }
                assertThat(fixture.applied()).isEqualTo(expected.subList(3 * run, 3 * run + 3));
            }
        }
    }

    @Test
    void theLogGoesOnOverManySegments() throws IOException {
        List<String> expected = new ArrayList<>();
        try (LogFixture fixture = open(folder)) {
            for (int index = 0; index < 40; index++) {
                fixture.commit("record " + index, 100_000, Durability.NONE);
                expected.add("record " + index);
            }
            assertThat(fixture.log().written().segment()).isGreaterThan(3);
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).isEqualTo(expected);
        }
    }

    @Test
    void manyWritersShareGroupsAndNoneIsLost() throws Exception {
        int writers = 32;
        int each = 50;
        List<String> expected = Collections.synchronizedList(new ArrayList<>());
        try (LogFixture fixture = open(folder)) {
            CountDownLatch done = new CountDownLatch(writers);
            for (int writer = 0; writer < writers; writer++) {
                int id = writer;
                Thread.ofVirtual().start(() -> {
                    for (int index = 0; index < each; index++) {
                        String text = id + "/" + index;
                        fixture.commit(text, id * 50, index % 10 == 0 ? Durability.STRICT : Durability.GROUP);
                        expected.add(text);
                    }
                    done.countDown();
                });
            }
            done.await();
            assertThat(fixture.applied()).hasSize(writers * each).containsAll(expected);
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).hasSize(writers * each).containsAll(expected);
        }
    }

    /// Whatever byte the file ends at, or is wrong at, in the last records: what comes back is a beginning of
    /// what was written, and the log goes on from there.
    @Test
    void aTornTailAtAnyByteLosesOnlyWhatItTore() throws IOException {
        int[] ends = new int[6];
        int[] contentEnds = new int[6];
        try (LogFixture fixture = open(folder)) {
            ends[0] = fixture.log().written().offset();
            // Not synced, so that nothing says that a lost record was durable.
            for (int index = 1; index < ends.length; index++) {
                String text = "record " + index;
                contentEnds[index] = ends[index - 1] + LogFrame.HEADER_BYTES + 13 * index + text.length();
                fixture.commit(text, 13 * index, Durability.NONE);
                ends[index] = fixture.log().written().offset();
            }
        }
        int size = (int) Files.size(segment(folder, 1));
        for (int at = ends[2]; at < ends[5]; at++) {
            int whole = wholeBefore(ends, at);
            assertRecovers(cutAt(at), at >= contentEnds[whole + 1] ? whole + 1 : whole);
            assertRecovers(flippedAt(at), at >= contentEnds[whole + 1] ? 5 : whole);
        }
        assertThat(size).isEqualTo(8192);
    }

    @Test
    void whatAnEarlierRunLeftBehindTheEndIsNotTakenForItsContinuation() throws IOException {
        try (LogFixture fixture = open(folder)) {
            fixture.commit("a", 100, Durability.NONE);
            fixture.commit("b", 100, Durability.NONE);
            fixture.commit("c", 100, Durability.NONE);
        }
        // The second record is torn; the third stays behind it and would fit right behind a new second one.
        int second = LogFrame.SEGMENT_HEADER_BYTES + LogFrame.padded(LogFrame.HEADER_BYTES + 101);
        try (RandomAccessFile file = new RandomAccessFile(segment(folder, 1).toFile(), "rw")) {
            file.seek(second + 60);
            file.write(0x55);
        }
        byte[] third = readAt(second + LogFrame.padded(LogFrame.HEADER_BYTES + 101), 200);
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).containsExactly("a");
            fixture.commit("B", 100, Durability.NONE);
        }
        try (RandomAccessFile file = new RandomAccessFile(segment(folder, 1).toFile(), "rw")) {
            file.seek(second + LogFrame.padded(LogFrame.HEADER_BYTES + 101));
            file.write(third);
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).containsExactly("a", "B");
        }
    }

    @Test
    void aDamagedRecordThatWasDurableIsNoticed() throws IOException {
        try (LogFixture fixture = open(folder)) {
            fixture.commit("a", 100, Durability.GROUP);
            fixture.commit("b", 100, Durability.GROUP);
        }
        flip(folder, LogFrame.SEGMENT_HEADER_BYTES + 60);
        assertThatThrownBy(() -> open(folder)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            assertThat(e.text()).contains("0000000000000001.seg").contains("4096");
        });
    }

    @Test
    void aDamagedSegmentBeforeTheLastIsNoticed() throws IOException {
        try (LogFixture fixture = open(folder)) {
            for (int index = 0; index < 15; index++) {
                fixture.commit("record " + index, 100_000, Durability.NONE);
            }
        }
        flip(folder, 500_000);
        assertThatThrownBy(() -> open(folder))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void fullSegmentsWaitForTheirSyncUpToTheLimit() throws IOException {
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        try (LogFixture fixture = new LogFixture(disk, LogFixture.config(Map.of("unsynced-segments", "3")))) {
            fillSegments(fixture, 2);
            long begun = fixture.log().durable().segment();
            fillSegments(fixture, begun + 3);
            assertThat(fixture.log().unsyncedSegments()).isEqualTo(3);
            assertThat(fixture.log().durable().segment()).isEqualTo(begun);
            fillSegments(fixture, begun + 5);
            assertThat(fixture.log().unsyncedSegments()).isEqualTo(3);
            assertThat(fixture.log().durable().segment()).isEqualTo(begun + 2);
            fixture.commit("durable", 10, Durability.GROUP);
            assertThat(fixture.log().unsyncedSegments()).isZero();
            assertThat(fixture.log().durable()).isEqualTo(fixture.log().written());
        }
    }

    @Test
    void fullSegmentsAreSyncedInTheBackgroundAndByAStop() throws IOException {
        List<String> expected;
        try (LogFixture fixture = open(folder)) {
            fillSegments(fixture, 4);
            fixture.log().syncInBackground();
            fillSegments(fixture, 7);
            while (fixture.log().unsyncedSegments() > 0) {
                Thread.onSpinWait();
            }
            assertThat(fixture.log().durable().segment()).isEqualTo(7);
            fillSegments(fixture, 9);
            expected = fixture.applied();
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).isEqualTo(expected);
        }
    }

    /// What was never durable may be gone from the middle of the log: then it ends there, and nothing of the
    /// later segments comes back, nor does anything take their place.
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8})
    void anUnsyncedSegmentThatIsTornEndsTheLog(int spares) throws IOException {
        VolumeConfig config = LogFixture.config(Map.of("spare-segments", Integer.toString(spares)));
        Path crashed = folder.resolve("crashed");
        List<String> kept = new ArrayList<>();
        long torn;
        long last;
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder.resolve("running")), config)) {
            fillSegments(fixture, 2);
            fixture.commit("durable", 10, Durability.GROUP);
            kept.addAll(fixture.applied());
            torn = fixture.log().written().segment();
            int offset = fixture.log().written().offset();
            fillSegments(fixture, torn + 4);
            last = fixture.log().written().segment();
            copy(folder.resolve("running"), crashed);
            overwrite(segment(crashed, torn), offset + 1000);
        }
        try (LogFixture fixture = new LogFixture(new LocalDisk(crashed), config)) {
            assertThat(fixture.recovered()).isEqualTo(kept);
            assertThat(segment(crashed, torn + 1)).doesNotExist();
            assertThat(segment(crashed, last)).doesNotExist();
            fillSegments(fixture, last + 1);
            assertThat(fixture.log().written().segment()).isGreaterThan(last);
            kept.addAll(fixture.applied());
        }
        try (LogFixture fixture = new LogFixture(new LocalDisk(crashed), config)) {
            assertThat(fixture.recovered()).isEqualTo(kept);
        }
    }

    @Test
    void aSurveyEndsWhereTheLogDoesAndPassesOverDamage() throws IOException {
        Path crashed = folder.resolve("crashed");
        int offset;
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder.resolve("running")), LogFixture.CONFIG)) {
            fillSegments(fixture, 2);
            offset = fixture.log().written().offset();
            fillSegments(fixture, 5);
            copy(folder.resolve("running"), crashed);
        }
        overwrite(segment(crashed, 2), offset + 1000);
        List<Long> records = new ArrayList<>();
        List<Long> damaged = new ArrayList<>();
        LogPosition end = survey(crashed, records, damaged);
        assertThat(damaged).isEmpty();
        assertThat(records).doesNotContain(3L, 4L, 5L).contains(1L, 2L);
        assertThat(end.segment()).isEqualTo(2);
        // The stop brought everything to the disk; a record behind it says so.
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder.resolve("running")), LogFixture.CONFIG)) {
            fixture.commit("a", 10, Durability.GROUP);
            fixture.commit("b", 10, Durability.GROUP);
        }
        overwrite(segment(folder.resolve("running"), 2), offset + 1000);
        records.clear();
        survey(folder.resolve("running"), records, damaged);
        assertThat(damaged).containsExactly(2L);
        assertThat(records).contains(1L, 2L, 3L, 4L, 5L);
        assertThatThrownBy(() -> open(folder.resolve("running")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    /// A durable record in a later segment proves everything before its segment, also when it is the last of
    /// the log.
    @Test
    void aDurableRecordInALaterSegmentProvesTheEarlierOnes() throws IOException {
        try (LogFixture fixture = open(folder)) {
            fillSegments(fixture, 4);
            fixture.commit("durable", 10, Durability.GROUP);
        }
        overwrite(segment(folder, 3), 500_000);
        assertThatThrownBy(() -> open(folder)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            assertThat(e.text()).contains("0000000000000003.seg");
        });
    }

    /// A crash left a record behind the end whose number the next run must not use: it would fit behind a new
    /// one.
    @Test
    void sequenceNumbersBehindTheEndAreNeverUsedAgain() throws IOException {
        int second = LogFrame.SEGMENT_HEADER_BYTES + LogFrame.padded(LogFrame.HEADER_BYTES + 4001);
        int third = second + LogFrame.padded(LogFrame.HEADER_BYTES + 4001);
        byte[] left;
        try (LogFixture fixture = open(folder)) {
            fixture.commit("a", 4000, Durability.GROUP);
        }
        try (LogFixture fixture = open(folder)) {
            fixture.commit("b", 4000, Durability.NONE);
            fixture.commit("c", 4000, Durability.NONE);
        }
        overwrite(segment(folder, 1), second + 60);
        left = readAt(third, 4096);
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).containsExactly("a");
            fixture.commit("B", 4000, Durability.NONE);
        }
        try (RandomAccessFile file = new RandomAccessFile(segment(folder, 1).toFile(), "rw")) {
            file.seek(third);
            file.write(left);
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).containsExactly("a", "B");
        }
    }

    @Test
    void afterAFailedSyncOfAFullSegmentTheLogTakesNothingMore() throws IOException {
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        try (LogFixture fixture = new LogFixture(disk, LogFixture.CONFIG)) {
            fillSegments(fixture, 3);
            disk.fail("Input/output error", (operation, path) -> operation.equals("sync") && path.endsWith("2.seg"));
            assertFails(ErrorCode.VOLUME_FAILED, () -> fixture.log().sync());
            LogPosition durable = fixture.log().durable();
            disk.heal();
            assertFails(ErrorCode.VOLUME_FAILED, () -> fixture.log().sync());
            assertThat(fixture.log().durable()).isEqualTo(durable);
            assertFails(ErrorCode.VOLUME_FAILED, () -> fixture.commit("c", 10, Durability.NONE));
        }
    }

    @Test
    void aFullDiskRefusesTheWriteAndTheLogGoesOnLater() throws IOException {
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        try (LogFixture fixture = new LogFixture(disk, LogFixture.CONFIG)) {
            fixture.commit("a", 10, Durability.GROUP);
            AtomicBoolean first = new AtomicBoolean(true);
            disk.fail(
                    "No space left on device",
                    (operation, path) -> operation.equals("write") && first.getAndSet(false));
            assertFails(ErrorCode.NO_SPACE, () -> fixture.commit("b", 10, Durability.GROUP));
            disk.heal();
            fixture.commit("c", 10, Durability.GROUP);
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).containsExactly("a", "c");
        }
    }

    @Test
    void aDiskThatFillsUpWhileASegmentBeginsLosesNothing() throws IOException {
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        List<String> expected = new ArrayList<>();
        try (LogFixture fixture = new LogFixture(disk, LogFixture.CONFIG)) {
            for (int index = 0; index < 10; index++) {
                fixture.commit("record " + index, 100_000, Durability.GROUP);
                expected.add("record " + index);
            }
            disk.fail("No space left on device", (operation, path) -> operation.equals("create"));
            assertFails(ErrorCode.NO_SPACE, () -> fixture.commit("lost", 100_000, Durability.GROUP));
            assertFails(ErrorCode.NO_SPACE, () -> fixture.commit("lost", 100_000, Durability.GROUP));
            fixture.commit("small", 10, Durability.GROUP);
            disk.heal();
            fixture.commit("last", 100_000, Durability.GROUP);
            expected.addAll(List.of("small", "last"));
        }
        try (LogFixture fixture = open(folder)) {
            assertThat(fixture.recovered()).isEqualTo(expected);
        }
    }

    @Test
    void afterAFailedSyncTheLogTakesNothingMore() throws IOException {
        FaultyDisk disk = new FaultyDisk(new LocalDisk(folder));
        try (LogFixture fixture = new LogFixture(disk, LogFixture.CONFIG)) {
            fixture.commit("a", 10, Durability.GROUP);
            disk.fail("Input/output error", (operation, path) -> operation.equals("sync"));
            assertFails(ErrorCode.VOLUME_FAILED, () -> fixture.commit("b", 10, Durability.GROUP));
            disk.heal();
            assertFails(ErrorCode.VOLUME_FAILED, () -> fixture.commit("c", 10, Durability.GROUP));
            assertThat(fixture.applied()).containsExactly("a");
            assertThat(fixture.log().failure()).isNotNull();
        }
    }

    @Test
    void aRecordThatNoSegmentCanTakeIsRefused() throws IOException {
        try (LogFixture fixture = open(folder)) {
            assertFails(ErrorCode.TOO_LARGE, () -> fixture.commit("a", 600_000, Durability.GROUP));
            fixture.commit("b", 10, Durability.GROUP);
        }
    }

    @Test
    void sparesAreMadeUsedAndMadeOfDeadSegments() throws IOException {
        VolumeConfig config = LogFixture.config(Map.of("spare-segments", "1"));
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder), config)) {
            fixture.volume().prepareSpare();
            fixture.volume().prepareSpare();
            assertThat(spares()).hasSize(1);
            IntStream.range(0, 22).forEach(index -> fixture.commit("record " + index, 100_000, Durability.NONE));
            assertThat(spares()).isEmpty();
            long full = fixture.log().written().segment() - 1;
            fixture.volume().retireSegment(full);
            assertThat(spares()).hasSize(1);
            assertThat(segment(folder, full)).doesNotExist();
        }
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder), config)) {
            assertThat(fixture.recovered()).contains("record 0", "record 21");
            IntStream.range(22, 32).forEach(index -> fixture.commit("record " + index, 100_000, Durability.NONE));
            assertThat(spares()).isEmpty();
        }
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder), config)) {
            assertThat(fixture.recovered()).endsWith("record 30", "record 31").doesNotHaveDuplicates();
        }
    }

    /// Goes on without durability until that segment has a record.
    private static void fillSegments(LogFixture fixture, long until) {
        while (fixture.log().written().segment() < until) {
            fixture.commit("filler " + fixture.log().written(), 100_000, Durability.NONE);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void overwrite(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            open.write("lost".getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Surveys a volume; the segments of its records, and those that are damaged.
    private static LogPosition survey(Path folder, List<Long> records, List<Long> damaged) throws IOException {
        try (OfflineVolume volume = OfflineVolume.open(new LocalDisk(folder))) {
            return volume.survey(new LogSurvey.Visitor() {
                @Override
                public void record(LogRecord record) {
                    records.add(record.segment());
                }

                @Override
                public void damaged(LogSurvey.Stretch stretch) {
                    damaged.add(stretch.segment());
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4MiB",
        "100MiB, 4MiB",
        "255MiB, 4MiB",
        "256MiB, 8MiB",
        "511MiB, 8MiB",
        "1GiB, 32MiB",
        "2GiB, 64MiB",
        "1TiB, 64MiB"
    })
    void segmentsGrowWithWhatIsNeededOfThem(String needed, String segment) {
        VolumeConfig config = Settings.of(VolumeConfig.class).bind(Map.of());
        assertThat(config.segmentBytes(DataSize.parse(needed).bytes()))
                .isEqualTo(DataSize.parse(segment).bytes());
    }

    @Test
    void sparesAreOfTheSizeThatTheNextSegmentHas() throws IOException {
        VolumeConfig config = LogFixture.config(Map.of("segment", "64MiB", "small-object", "64KiB"));
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder), config)) {
            Volume volume = fixture.volume();
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(1);
            assertThat(Files.size(spares().getFirst())).isEqualTo(4 << 20);
            assertThat(volume.segmentFileBytes()).isEqualTo(8 << 20);
            volume.segments().ensure(1).addLive(1 << 30);
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(2);
            assertThat(Files.size(spares().getFirst())).isEqualTo(32 << 20);
        }
    }

    @Test
    void sparesAreBoundedByWhatIsNeededOfTheSegments() throws IOException {
        VolumeConfig config = LogFixture.config(Map.of("spare-segments", "4", "spare-share", "20%"));
        try (LogFixture fixture = new LogFixture(new LocalDisk(folder), config)) {
            Volume volume = fixture.volume();
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(1);
            Segment segment = volume.segments().ensure(1);
            segment.addLive(11 << 20);
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(2);
            segment.addLive(100 << 20);
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(4);
            segment.addLive(-94 << 20);
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(4);
            segment.addLive(-6 << 20);
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(2);
            segment.addLive(-11 << 20);
            assertThat(sparesAfterUpkeep(volume)).isEqualTo(1);
        }
    }

    private int sparesAfterUpkeep(Volume volume) throws IOException {
        for (int round = 0; round < 6; round++) {
            volume.dropSpare();
            volume.prepareSpare();
        }
        return spares().size();
    }

    private static LogFixture open(Path folder) throws IOException {
        return new LogFixture(new LocalDisk(folder), LogFixture.CONFIG);
    }

    private static Path segment(Path folder, long id) {
        return folder.resolve(Segment.path(id));
    }

    private List<Path> spares() throws IOException {
        try (var files = Files.list(folder.resolve(SegmentFiles.FOLDER))) {
            return files.filter(file -> file.getFileName().toString().startsWith("spare-"))
                    .toList();
        }
    }

    private static int wholeBefore(int[] ends, int at) {
        int whole = 0;
        while (whole + 1 < ends.length && ends[whole + 1] <= at) {
            whole++;
        }
        return whole;
    }

    /// A copy of the segments whose first one is cut at that byte.
    private SegmentFiles cutAt(int at) throws IOException {
        Path copy = copy();
        try (RandomAccessFile file = new RandomAccessFile(segment(copy, 1).toFile(), "rw")) {
            file.setLength(at);
        }
        return files(copy);
    }

    private SegmentFiles flippedAt(int at) throws IOException {
        Path copy = copy();
        flip(copy, at);
        return files(copy);
    }

    private Path copy() throws IOException {
        Path copy = folder.resolve("copy");
        Files.createDirectories(copy.resolve(SegmentFiles.FOLDER));
        Files.copy(segment(folder, 1), segment(copy, 1), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    private SegmentFiles files(Path copy) throws IOException {
        byte[] header = readAt(16, 16);
        java.nio.ByteBuffer id = java.nio.ByteBuffer.wrap(header);
        return new SegmentFiles(
                new LocalDisk(copy),
                new java.util.UUID(id.getLong(), id.getLong()),
                new FileIds(),
                LogFixture.CONFIG,
                () -> 0);
    }

    private static void assertRecovers(SegmentFiles files, int count) throws IOException {
        List<Long> sequences = new ArrayList<>();
        LogReader reader = new LogReader(files, LogFixture.CONFIG.segmentBytes(), List.of(1L));
        LogPosition end = reader.read(reader.beginning(), record -> sequences.add((long) record.offset()));
        assertThat(sequences).hasSize(count);
        assertThat(end.sequence()).isGreaterThan(count);
    }

    private static void flip(Path root, int at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment(root, 1).toFile(), "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 0x10);
        }
    }

    private byte[] readAt(int at, int count) throws IOException {
        byte[] bytes = new byte[count];
        try (RandomAccessFile file = new RandomAccessFile(segment(folder, 1).toFile(), "r")) {
            file.seek(at);
            file.readFully(bytes);
        }
        return bytes;
    }

    private static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
