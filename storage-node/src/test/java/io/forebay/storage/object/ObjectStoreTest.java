package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectStoreTest {
    private static final Bucket BUCKET = StoreFixture.bucket(7, Durability.GROUP);

    @TempDir
    private Path folder;

    private StoreFixture fixture;

    @BeforeEach
    void open() {
        fixture = StoreFixture.in(folder);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 4096, 16_384, 16_385, 100_000, 3_000_000})
    void whatWasPutIsRead(int size) {
        byte[] content = bytes(size, size);
        ObjectRecord put = fixture.put(BUCKET, "name", content);
        assertThat(put.size()).isEqualTo(size);
        assertThat(put.version()).isEqualTo(1);
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(content);
        fixture.restart();
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(content);
        assertThat(record("name").checksum(ChecksumType.XXHASH64))
                .isEqualTo(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 16_384, 16_385, 60_000, 1_000_000})
    void unknownLengthsStartInMemoryAndSpill(int size) {
        byte[] content = bytes(size, size);
        fixture.put(BUCKET, "name", content, WriteOptions.ofLength(-1), Conditions.NONE);
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void everyDurabilitySurvivesARestart(Durability durability) {
        Bucket bucket = StoreFixture.bucket(1, durability);
        fixture.put(bucket, "small", bytes(1, 1000));
        fixture.put(bucket, "large", bytes(2, 100_000));
        fixture.restart();
        assertThat(fixture.get(bucket, "small")).isEqualTo(bytes(1, 1000));
        assertThat(fixture.get(bucket, "large")).isEqualTo(bytes(2, 100_000));
    }

    @Test
    void overwritingCountsVersions() {
        fixture.put(BUCKET, "name", bytes(1, 10));
        fixture.put(BUCKET, "name", bytes(2, 50_000));
        ObjectRecord third = fixture.put(BUCKET, "name", bytes(3, 30));
        assertThat(third.version()).isEqualTo(3);
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(bytes(3, 30));
    }

    @Test
    void removedIsAbsentAlsoAfterRestart() {
        fixture.put(BUCKET, "name", bytes(1, 10));
        assertThat(fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "name"), Conditions.NONE))
                .isTrue();
        assertThat(fixture.get(BUCKET, "name")).isNull();
        assertThat(fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "name"), Conditions.NONE))
                .isFalse();
        fixture.restart();
        assertThat(fixture.get(BUCKET, "name")).isNull();
    }

    @Test
    void rangesAreExact() {
        byte[] small = bytes(1, 5000);
        byte[] large = bytes(2, 200_000);
        fixture.put(BUCKET, "small", small);
        fixture.put(BUCKET, "large", large);
        assertThat(range("small", 10, 20)).isEqualTo(java.util.Arrays.copyOfRange(small, 10, 30));
        assertThat(range("large", 150_000, 50_000)).isEqualTo(java.util.Arrays.copyOfRange(large, 150_000, 200_000));
    }

    @Test
    void attributesAreKeptAndChanged() {
        byte[] content = bytes(1, 100);
        WriteOptions options = new WriteOptions(
                100,
                List.of(ChecksumType.MD5),
                List.of(),
                Map.of("content-type", "text/plain", "x-odd", "1"),
                Map.of("color", "grün"));
        ObjectRecord put = fixture.put(BUCKET, "name", content, options, Conditions.NONE);
        assertThat(put.etag())
                .isEqualTo(Checksummers.of(ChecksumType.MD5, ByteBuffer.wrap(content))
                        .hex());
        fixture.store().updateCustom(BUCKET, StoreFixture.key(BUCKET, "name"), Map.of("size", "big"), MapChange.MERGE);
        assertThat(record("name").custom()).isEqualTo(Map.of("color", "grün", "size", "big"));
        fixture.store().updateCustom(BUCKET, StoreFixture.key(BUCKET, "name"), Map.of("a", "b"), MapChange.REPLACE);
        fixture.store().updateSystem(BUCKET, StoreFixture.key(BUCKET, "name"), Map.of("expires", "0"), Conditions.NONE);
        fixture.restart();
        ObjectRecord record = record("name");
        assertThat(record.custom()).isEqualTo(Map.of("a", "b"));
        assertThat(record.system()).isEqualTo(Map.of("content-type", "text/plain", "x-odd", "1", "expires", "0"));
        assertThat(record.version()).isEqualTo(1);
        assertThat(record.etag()).isEqualTo(put.etag());
        assertThat(record.modifiedMillis()).isEqualTo(put.modifiedMillis());
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(content);
    }

    @Test
    void conditionsAreCheckedAtTheCommit() {
        WriteOptions options = WriteOptions.ofLength(3);
        ObjectRecord first = fixture.put(BUCKET, "name", bytes(1, 3), options, Conditions.ABSENT);
        fails(
                ErrorCode.PRECONDITION_FAILED,
                () -> fixture.put(BUCKET, "name", bytes(2, 3), options, Conditions.ABSENT));
        Conditions match = Conditions.matching(List.of("\"" + first.etag() + "\""));
        fixture.put(BUCKET, "name", bytes(2, 3), options, match);
        fails(ErrorCode.PRECONDITION_FAILED, () -> fixture.put(BUCKET, "name", bytes(3, 3), options, match));
        fails(
                ErrorCode.PRECONDITION_FAILED,
                () -> fixture.store()
                        .updateSystem(BUCKET, StoreFixture.key(BUCKET, "name"), Map.of("expires", "0"), match));
        assertThat(record("name").system()).isEmpty();
        fails(ErrorCode.NO_SUCH_OBJECT, () -> fixture.put(BUCKET, "other", bytes(3, 3), options, match));
        fails(
                ErrorCode.PRECONDITION_FAILED,
                () -> fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "name"), match));
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(bytes(2, 3));
        assertThat(fixture.get(BUCKET, "other")).isNull();
    }

    @Test
    void wrongChecksumsAndLengthsStoreNothing() {
        Checksum wrong = new Checksum(ChecksumType.MD5, "0".repeat(32));
        WriteOptions verify = new WriteOptions(3, List.of(), List.of(ChecksumType.MD5), Map.of(), Map.of());
        try (WriteSession session = fixture.store().begin(BUCKET, StoreFixture.key(BUCKET, "name"), verify)) {
            session.write(ByteBuffer.wrap(bytes(1, 3)));
            session.expect(wrong);
            assertThatThrownBy(() -> session.commit(Conditions.NONE))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.CHECKSUM_MISMATCH);
                        assertThat(e.text()).startsWith("md5 ");
                    });
        }
        for (int size : new int[] {10, 100_000}) {
            WriteOptions exact = WriteOptions.ofLength(size);
            fails(
                    ErrorCode.INCOMPLETE_BODY,
                    () -> fixture.put(BUCKET, "name", bytes(1, size - 1), exact, Conditions.NONE));
            fails(ErrorCode.TOO_LARGE, () -> fixture.put(BUCKET, "name", bytes(1, size + 1), exact, Conditions.NONE));
        }
        assertThat(fixture.get(BUCKET, "name")).isNull();
        assertThat(fixture.store().volumes().all().getFirst().volume().buffers().usedBytes())
                .isZero();
    }

    @Test
    void namesOfAnyKindStayApartAndInOrder() {
        List<String> names = List.of("a", "a\0", "a\0b", "a/../b", "a//b", "aa", "b/", "ä", "日本", "\uD83D\uDE00");
        for (String name : names.reversed()) {
            fixture.put(BUCKET, name, name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(fixture.names(BUCKET)).isEqualTo(names);
        assertThat(fixture.names(StoreFixture.bucket(8, Durability.GROUP))).isEmpty();
        for (String name : names) {
            assertThat(fixture.get(BUCKET, name)).isEqualTo(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        fails(ErrorCode.INVALID_ARGUMENT, () -> fixture.put(BUCKET, "half \uD83D pair", new byte[1]));
    }

    @Test
    void openBytesOutliveTheirObject() {
        byte[] small = bytes(1, 1000);
        byte[] large = bytes(2, 100_000);
        fixture.put(BUCKET, "small", small);
        fixture.put(BUCKET, "large", large);
        List<FileSlice> smallSlices = slices("small");
        List<FileSlice> largeSlices = slices("large");
        fixture.put(BUCKET, "small", bytes(3, 1000));
        fixture.store().remove(BUCKET, StoreFixture.key(BUCKET, "large"), Conditions.NONE);
        assertThat(StoreFixture.content(smallSlices)).isEqualTo(small);
        assertThat(StoreFixture.content(largeSlices)).isEqualTo(large);
    }

    @Test
    void whatIsInMemoryIsAnsweredWithoutWaiting() {
        byte[] content = bytes(1, 1000);
        fixture.put(BUCKET, "name", content);
        fixture.get(BUCKET, "name");
        ReadOutcome outcome = fixture.store()
                .read(BUCKET, new ObjectKey(BUCKET.name(), "name"), Waiting.FORBIDDEN, ReadOutcome.Choice.ALL);
        assertThat(outcome).isInstanceOfSatisfying(ReadOutcome.Found.class, found -> {
            ByteBuffer target = ByteBuffer.allocateDirect(1000);
            try (FileSlice slice = found.slices().getFirst()) {
                assertThat(slice.readNow(0, target)).isTrue();
            }
            byte[] read = new byte[1000];
            target.flip().get(read);
            assertThat(read).isEqualTo(content);
        });
    }

    @Test
    void largeObjectsDoNotPassThroughTheHeap() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer chunk = ByteBuffer.allocateDirect(256 << 10);
        write(chunk, 4 << 20);
        long before = threads.getCurrentThreadAllocatedBytes();
        write(chunk, 128 << 20);
        for (FileSlice slice : slices("large")) {
            for (long at = 0; at < slice.length(); at += chunk.capacity()) {
                slice.read(at, chunk.clear());
            }
            slice.close();
        }
        // Calls allocate a little each until they are compiled; the bytes themselves would be 128 MiB.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
    }

    private void write(ByteBuffer chunk, int size) {
        WriteOptions options = WriteOptions.ofLength(size);
        Bucket bucket = StoreFixture.bucket(BUCKET.id(), Durability.NONE);
        try (WriteSession session = fixture.store().begin(bucket, StoreFixture.key(bucket, "large"), options)) {
            while (session.size() < size) {
                session.write(chunk.clear());
            }
            session.commit(Conditions.NONE);
        }
    }

    private ObjectRecord record(String name) {
        return Objects.requireNonNull(fixture.record(BUCKET, name));
    }

    private List<FileSlice> slices(String name) {
        ReadOutcome outcome = fixture.store()
                .read(BUCKET, new ObjectKey(BUCKET.name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        return ((ReadOutcome.Found) outcome).slices();
    }

    private byte[] range(String name, long offset, long length) {
        ReadOutcome outcome = fixture.store()
                .read(
                        BUCKET,
                        new ObjectKey(BUCKET.name(), name),
                        Waiting.ALLOWED,
                        record -> new ByteRange(offset, length));
        return StoreFixture.content(((ReadOutcome.Found) outcome).slices());
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
