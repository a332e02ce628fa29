package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UploadsTest {
    private static final Bucket BUCKET = StoreFixture.bucket(7, Durability.GROUP);
    private static final Completion.Decision ALL_PARTS =
            (upload, parts) -> new Completion(parts, null, List.of(), null, null);

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

    @Test
    void partsBecomeOneObjectWithoutACopy() {
        String id = create("name", Upload.Kind.MULTIPART);
        int[] sizes = {100_000, 50, 30_000, 0};
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int number = sizes.length; number >= 1; number--) {
            fixture.putPart(BUCKET, "name", id, number, bytes(number, sizes[number - 1]));
        }
        for (int number = 1; number <= sizes.length; number++) {
            expected.writeBytes(bytes(number, sizes[number - 1]));
        }
        assertThat(fixture.get(BUCKET, "name")).isNull();
        fixture.restart();
        assertThat(fixture.store().listParts(BUCKET, key(BUCKET, "name"), id))
                .extracting(Part::number)
                .containsExactly(1, 2, 3, 4);
        ObjectRecord record = complete(
                "name",
                id,
                (upload, parts) -> new Completion(
                        parts, "00112233445566778899aabbccddeeff-4", List.of(), "CRC32=x-4", ChecksumType.XXHASH64));
        assertThat(record.etag()).isEqualTo("00112233445566778899aabbccddeeff-4");
        assertThat(record.partCount()).isEqualTo(4);
        assertThat(record.system()).isEqualTo(Map.of("content-type", "a/b"));
        fixture.restart();
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(expected.toByteArray());
        PartSpan third = Objects.requireNonNull(
                Objects.requireNonNull(fixture.record(BUCKET, "name")).part(3));
        assertThat(third.offset()).isEqualTo(100_050);
        assertThat(third.length()).isEqualTo(30_000);
        assertThat(third.checksum()).isNotNull();
        assertThat(range("name", 99_990, 100)).isEqualTo(Arrays.copyOfRange(expected.toByteArray(), 99_990, 100_090));
        assertThat(fixture.store().findUpload(BUCKET, key(BUCKET, "name"), id)).isNull();
        fails(ErrorCode.NO_SUCH_UPLOAD, () -> fixture.putPart(BUCKET, "name", id, 1, bytes(1, 10)));
    }

    @Test
    void uploadedAgainAPartIsReplacedAndLeftOutPartsAreDropped() {
        String id = create("name", Upload.Kind.MULTIPART);
        fixture.putPart(BUCKET, "name", id, 1, bytes(1, 50_000));
        fixture.putPart(BUCKET, "name", id, 1, bytes(2, 60_000));
        fixture.putPart(BUCKET, "name", id, 2, bytes(3, 70_000));
        complete("name", id, (upload, parts) -> new Completion(parts.subList(0, 1), null, List.of(), null, null));
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(bytes(2, 60_000));
        assertThat(fixture.store().volumes().all().getFirst().usedBytes()).isEqualTo((1 << 20) + 60_000);
    }

    @Test
    void aRefusedDecisionLeavesTheUpload() {
        String id = create("name", Upload.Kind.MULTIPART);
        fixture.putPart(BUCKET, "name", id, 1, bytes(1, 10));
        fails(
                ErrorCode.INVALID_PART,
                () -> complete("name", id, (upload, parts) -> {
                    throw new StoreException(ErrorCode.INVALID_PART, "no");
                }));
        fixture.put(BUCKET, "name", bytes(5, 5));
        fails(
                ErrorCode.PRECONDITION_FAILED,
                () -> fixture.store().completeUpload(BUCKET, key(BUCKET, "name"), id, Conditions.ABSENT, ALL_PARTS));
        assertThat(complete("name", id, ALL_PARTS).version()).isEqualTo(2);
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(bytes(1, 10));
    }

    @Test
    void abortedUploadsLeaveNothing() {
        String id = create("name", Upload.Kind.MULTIPART);
        fixture.putPart(BUCKET, "name", id, 1, bytes(1, 50_000));
        fixture.store().abortUpload(BUCKET, key(BUCKET, "name"), id);
        fails(ErrorCode.NO_SUCH_UPLOAD, () -> complete("name", id, ALL_PARTS));
        fails(ErrorCode.NO_SUCH_UPLOAD, () -> fixture.store().abortUpload(BUCKET, key(BUCKET, "name"), id));
        fails(ErrorCode.NO_SUCH_UPLOAD, () -> fixture.store().listParts(BUCKET, key(BUCKET, "name"), "nonsense"));
        assertThat(fixture.store().volumes().all().getFirst().usedBytes()).isEqualTo(1 << 20);
        fixture.restart();
        assertThat(fixture.store().bucketIds()).isEmpty();
    }

    @Test
    void aPartThatOutlivedItsUploadIsRefusedAtItsCommit() {
        String id = create("name", Upload.Kind.MULTIPART);
        try (WriteSession session =
                fixture.store().beginPart(BUCKET, key(BUCKET, "name"), id, 1, WriteOptions.ofLength(-1))) {
            StoreFixture.writeInPieces(session, bytes(1, 100));
            fixture.store().abortUpload(BUCKET, key(BUCKET, "name"), id);
            fails(ErrorCode.NO_SUCH_UPLOAD, () -> session.commit(Conditions.NONE));
        }
    }

    @Test
    void appendedPiecesBecomeAPlainObject() {
        String id = create("name", Upload.Kind.APPEND);
        fixture.putPart(BUCKET, "name", id, 1, bytes(1, 100));
        fixture.putPart(BUCKET, "name", id, 2, bytes(2, 40_000));
        ObjectRecord record = complete("name", id, ALL_PARTS);
        assertThat(record.partCount()).isZero();
        assertThat(record.etag()).isEqualTo(id + "-x");
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(joined(bytes(1, 100), bytes(2, 40_000)));
    }

    @Test
    void extendingKeepsTheBytesThatAreThere() {
        for (int size : new int[] {100, 50_000}) {
            String name = "name-" + size;
            fixture.put(BUCKET, name, bytes(1, size));
            for (int round = 2; round < 4; round++) {
                String id = create(name, Upload.Kind.EXTEND);
                fixture.putPart(BUCKET, name, id, 1, bytes(round, 20_000));
                assertThat(complete(name, id, ALL_PARTS).version()).isEqualTo(round);
            }
            fixture.restart();
            assertThat(fixture.get(BUCKET, name)).isEqualTo(joined(bytes(1, size), bytes(2, 20_000), bytes(3, 20_000)));
        }
        String id = create("name-100", Upload.Kind.EXTEND);
        fixture.put(BUCKET, "name-100", bytes(9, 9));
        fails(ErrorCode.PRECONDITION_FAILED, () -> complete("name-100", id, ALL_PARTS));
        fails(ErrorCode.NO_SUCH_OBJECT, () -> create("absent", Upload.Kind.EXTEND));
    }

    @Test
    void uploadsAreListedByNameThenId() {
        List<String> expected = new ArrayList<>();
        for (String name : List.of("b", "a", "b", "c", "a\0")) {
            expected.add(name + ":" + create(name, Upload.Kind.MULTIPART));
        }
        expected.sort((left, right) -> Arrays.compareUnsigned(
                left.replace(':', '\0').getBytes(java.nio.charset.StandardCharsets.UTF_8),
                right.replace(':', '\0').getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        List<String> paged = new ArrayList<>();
        String afterName = "";
        String afterId = "";
        while (true) {
            List<Upload> page = fixture.store().listUploads(BUCKET.id(), afterName, afterId, 2);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(upload -> paged.add(upload.name() + ":" + upload.id()));
            afterName = page.getLast().name();
            afterId = page.getLast().id();
        }
        assertThat(paged).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(paged.stream()
                        .map(entry -> entry.substring(0, entry.indexOf(':')))
                        .toList())
                .containsExactly("a", "a\0", "b", "b", "c");
        assertThat(fixture.store().listUploads(BUCKET.id(), "b", "", 10))
                .extracting(Upload::name)
                .containsExactly("c");
    }

    @Test
    void anObjectOfThousandsOfPartsReadsByRange() {
        Bucket bucket = StoreFixture.bucket(7, Durability.NONE);
        String id = fixture.store().createUpload(bucket, key(bucket, "name"), options(Upload.Kind.MULTIPART));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int number = 1; number <= 3000; number++) {
            byte[] content = bytes(number, 10 + number % 7);
            fixture.putPart(bucket, "name", id, number, content);
            expected.writeBytes(content);
        }
        complete("name", id, ALL_PARTS);
        byte[] all = expected.toByteArray();
        assertThat(fixture.get(BUCKET, "name")).isEqualTo(all);
        assertThat(range("name", all.length - 40, 30))
                .isEqualTo(Arrays.copyOfRange(all, all.length - 40, all.length - 10));
    }

    private String create(String name, Upload.Kind kind) {
        return fixture.store().createUpload(BUCKET, key(BUCKET, name), options(kind));
    }

    private static Upload.Options options(Upload.Kind kind) {
        return new Upload.Options(kind, "note", Map.of("content-type", "a/b"), Map.of("k", "v"));
    }

    private ObjectRecord complete(String name, String id, Completion.Decision decision) {
        return fixture.store().completeUpload(BUCKET, key(BUCKET, name), id, Conditions.NONE, decision);
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

    private static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
