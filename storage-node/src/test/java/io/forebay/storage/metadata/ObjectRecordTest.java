package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ObjectRecordTest {
    private static final Checksum XXHASH = new Checksum(ChecksumType.XXHASH64, "0123456789abcdef");
    private static final Checksum MD5 = new Checksum(ChecksumType.MD5, "00112233445566778899aabbccddeeff");

    @Test
    void smallObjectIsEncodedAsDocumented() {
        RecordDraft draft = new RecordDraft(
                300,
                0x0102030405L,
                0x0102030405L,
                5,
                List.of(XXHASH, MD5),
                null,
                null,
                Map.of("content-type", "a/b"),
                Map.of("k", "v"),
                null,
                List.of());
        byte[] value = draft.encode();
        Location.fill(value, 0x0000_0A0B_0C0DL, 0x1000, 0x60);
        assertThat(HexFormat.of().formatHex(value))
                .isEqualTo(
                        "0301" // format, flags: inline
                                + "00000a0b0c0d" + "00001000" + "00000060" // segment, offset, overhead
                                + "ac02" // size
                                + "000102030405" // modified
                                + "05" // version
                                + "02" + "01" + "0123456789abcdef" + "02" + "00112233445566778899aabbccddeeff"
                                + "01" + "01" + "03" + "612f62" // content-type is name 0
                                + "01" + "01" + "6b" + "01" + "76");
        ObjectRecord record = ObjectRecord.of(value);
        assertThat(record.segment()).isEqualTo(0x0A0B0C0DL);
        assertThat(record.inlineOffset()).isEqualTo(0x1000 + 48);
        assertThat(record.overhead()).isEqualTo(0x60);
        assertThat(record.etag()).isEqualTo(MD5.hex());
        assertSame(record, draft);
    }

    /// What boto3 sends by default: a content type, CRC32 or CRC64NVME of its own, and MD5 for the entity tag.
    @Test
    void recordOfAnOrdinaryS3ObjectIsShort() {
        for (Checksum own : List.of(
                new Checksum(ChecksumType.CRC32, "01234567"),
                new Checksum(ChecksumType.CRC64NVME, "0123456789abcdef"))) {
            byte[] value = new RecordDraft(
                            10_240,
                            1_767_225_600_000L,
                            1_767_225_600_000L,
                            1,
                            List.of(XXHASH, MD5, own),
                            null,
                            null,
                            Map.of("content-type", "binary/octet-stream"),
                            Map.of(),
                            null,
                            List.of())
                    .encode();
            byte[] key = IndexKeys.object(7, "train/n01440764/n01440764_10026.jpeg");
            assertThat(value).hasSizeLessThan(100);
            assertThat(key.length + value.length).isLessThanOrEqualTo(150);
        }
    }

    @Test
    void multipartObjectIsEncodedAsDocumented() {
        Extents extents = new Extents.Builder()
                .add(Extents.ofFile(9, 100))
                .add(Extents.ofSegment(3, 4096, 20))
                .build();
        RecordDraft draft = new RecordDraft(
                120,
                1,
                2,
                1,
                List.of(),
                "00112233445566778899aabbccddeeff-2",
                "CRC32=AAAAAA==-2",
                Map.of(),
                Map.of(),
                extents,
                List.of(new PartSpan(1, 0, 100, null), new PartSpan(7, 100, 20, XXHASH)));
        byte[] value = draft.encode();
        assertThat(HexFormat.of().formatHex(value))
                .isEqualTo(
                        "033a" // flags: etag of parts, composite, parts, accessed
                                + "000000000000" + "00000000" + "00000000"
                                + "78" + "000000000001" + "01" + "000000000002"
                                + "00"
                                + "00112233445566778899aabbccddeeff"
                                + "10"
                                + HexFormat.of()
                                        .formatHex("CRC32=AAAAAA==-2".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                + "00" + "00"
                                + "02"
                                + "0000000000000064" + "0000000000000009" + "0000000000000000"
                                + "0000000000000078" + "8000000000000003" + "0000000000001000"
                                + "02" + "01" + "64" + "00" + "07" + "14" + "01" + "0123456789abcdef");
        ObjectRecord record = ObjectRecord.of(value);
        assertSame(record, draft);
        assertThat(record.partCount()).isEqualTo(2);
        assertThat(record.part(7)).isEqualTo(new PartSpan(7, 100, 20, XXHASH));
        assertThat(record.part(2)).isNull();
        assertThat(record.accessedMillis()).isEqualTo(2);
    }

    @Test
    void typicalRecordsAreShort() {
        Map<String, String> s3 = Map.of("content-type", "application/octet-stream");
        RecordDraft draft = new RecordDraft(
                10_240,
                1_790_000_000_000L,
                1_790_000_000_000L,
                1,
                List.of(XXHASH, MD5),
                null,
                null,
                s3,
                Map.of("mtime", "1790000000.123456"),
                null,
                List.of());
        assertThat(draft.encode().length).isLessThanOrEqualTo(120);
    }

    @Test
    void tagsWithoutMd5AreOfAnotherShape() {
        assertThat(record(List.of(XXHASH)).etag()).isEqualTo("0123456789abcdef-x");
        assertThat(record(List.of()).etag()).isEqualTo("1-x");
    }

    @Test
    void randomRecordsComeBackAndDamagedOnesAreCorrupt() {
        Random random = new Random(20260101);
        for (int round = 0; round < 3000; round++) {
            RecordDraft draft = randomDraft(random);
            byte[] value = draft.encode();
            assertSame(ObjectRecord.of(value), draft);
            assertThat(RecordDraft.of(ObjectRecord.of(value)).etag()).isEqualTo(draft.etag());
            readDamaged(Arrays.copyOf(value, random.nextInt(value.length)));
            byte[] flipped = value.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            readDamaged(flipped);
        }
    }

    @Test
    void extentsAreFoundByOffset() {
        Extents extents = new Extents.Builder()
                .add(Extents.ofFile(1, 10))
                .add(Extents.ofFile(2, 0))
                .add(Extents.ofSegment(3, 5, 1))
                .build();
        assertThat(extents.count()).isEqualTo(2);
        assertThat(extents.find(0)).isZero();
        assertThat(extents.find(9)).isZero();
        assertThat(extents.find(10)).isEqualTo(1);
        assertThat(extents.find(11)).isEqualTo(2);
        assertThat(extents.isSegment(1)).isTrue();
        assertThat(extents.id(1)).isEqualTo(3);
    }

    /// Reads everything: a damaged value may decode to something else, but never ends in any other way than
    /// CORRUPT.
    private static void readDamaged(byte[] value) {
        try {
            ObjectRecord record = ObjectRecord.of(value);
            record.attributes();
            record.parts();
            Extents extents = record.extents();
            for (int index = 0; index < extents.count(); index++) {
                extents.length(index);
                extents.offset(index);
            }
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
        }
    }

    private static ObjectRecord record(List<Checksum> checksums) {
        return ObjectRecord.of(
                new RecordDraft(1, 1, 1, 1, checksums, null, null, Map.of(), Map.of(), null, List.of()).encode());
    }

    private static void assertSame(ObjectRecord record, RecordDraft draft) {
        assertThat(record.size()).isEqualTo(draft.size());
        assertThat(record.modifiedMillis()).isEqualTo(draft.modifiedMillis());
        assertThat(record.accessedMillis()).isEqualTo(draft.accessedMillis());
        assertThat(record.version()).isEqualTo(draft.version());
        assertThat(record.stamp()).isEqualTo(draft.stamp());
        assertThat(record.checksums()).isEqualTo(draft.checksums());
        assertThat(record.explicitEtag()).isEqualTo(draft.etag());
        assertThat(record.compositeChecksum()).isEqualTo(draft.compositeChecksum());
        assertThat(record.system()).isEqualTo(draft.system());
        assertThat(record.custom()).isEqualTo(draft.custom());
        assertThat(record.parts()).isEqualTo(draft.parts());
        assertThat(record.isInline()).isEqualTo(draft.extents() == null);
        if (draft.extents() != null) {
            Extents read = record.extents();
            assertThat(read.count()).isEqualTo(draft.extents().count());
            for (int index = 0; index < read.count(); index++) {
                assertThat(read.end(index)).isEqualTo(draft.extents().end(index));
                assertThat(read.markedId(index)).isEqualTo(draft.extents().markedId(index));
                assertThat(read.offset(index)).isEqualTo(draft.extents().offset(index));
            }
        }
    }

    @Test
    void stampedObjectIsEncodedAsDocumented() {
        RecordDraft draft = new RecordDraft(
                1, 2, 2, 5, new Stamp(300, 7), List.of(), null, null, Map.of(), Map.of(), null, List.of(), null);
        byte[] value = draft.encode();
        assertThat(HexFormat.of().formatHex(value))
                .isEqualTo("0381" + "0000000000000000000000000000" + "01" + "000000000002" + "05"
                        + "ac02" + "02" // epoch, and how much the stamp's version is more than the object's
                        + "00" + "00" + "00");
        ObjectRecord record = ObjectRecord.of(value);
        assertThat(record.stamp()).isEqualTo(new Stamp(300, 7));
        assertThat(record.version()).isEqualTo(5);
        assertSame(record, draft);
        ObjectRecord later = ObjectRecord.of(draft.withStamp(new Stamp(300, 8)).encode());
        assertThat(later.isNewerThan(record)).isTrue();
        assertThat(record.isNewerThan(later)).isFalse();
        assertThat(ObjectRecord.of(draft.withStamp(new Stamp(301, 5)).encode()).isNewerThan(later))
                .isTrue();
    }

    @Test
    void tombstoneIsEncodedAsDocumented() {
        Tombstone tombstone = new Tombstone(new Stamp(300, 7), 0x0102030405L);
        byte[] value = tombstone.encode();
        assertThat(HexFormat.of().formatHex(value))
                .isEqualTo("0300" + "0000000000000000000000000000" + "ac02" + "07" + "000102030405");
        assertThat(Tombstone.of(value)).isEqualTo(tombstone);
    }

    private static RecordDraft randomDraft(Random random) {
        List<Checksum> checksums = new ArrayList<>();
        for (ChecksumType type : ChecksumType.values()) {
            if (random.nextInt(3) == 0) {
                byte[] digest = new byte[type.digestBytes()];
                random.nextBytes(digest);
                checksums.add(Checksum.of(type, digest));
            }
        }
        long modified = random.nextLong(1L << 47);
        long version = random.nextLong(1L << 40);
        return new RecordDraft(
                random.nextLong(1L << random.nextInt(1, 62)),
                modified,
                random.nextBoolean() ? modified : modified + 1,
                version,
                new Stamp(random.nextBoolean() ? 0 : random.nextLong(1L << 40), version + random.nextInt(3)),
                checksums,
                random.nextBoolean() ? null : text(random),
                random.nextBoolean() ? null : text(random),
                texts(random, "content-type"),
                texts(random, "content-type2"),
                randomExtents(random),
                List.of(),
                null);
    }

    private static @Nullable Extents randomExtents(Random random) {
        if (random.nextBoolean()) {
            return null;
        }
        Extents.Builder builder = new Extents.Builder();
        for (int left = random.nextInt(20); left > 0; left--) {
            builder.add(
                    random.nextBoolean()
                            ? Extents.ofFile(random.nextLong(1L << 40), random.nextLong(1, 1L << 40))
                            : Extents.ofSegment(random.nextLong(1L << 40), random.nextInt(1 << 26), 100));
        }
        return builder.build();
    }

    private static Map<String, String> texts(Random random, String first) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            texts.put(texts.isEmpty() ? first : text(random), text(random));
        }
        return texts;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(1, 40); left > 0; left--) {
            text.appendCodePoint(random.nextInt(10) == 0 ? random.nextInt(0xA0, 0xD000) : random.nextInt(32, 127));
        }
        return text.toString();
    }

    @Test
    void newerFormatsAreRefused() {
        byte[] value = new RecordDraft(1, 1, 1, 1, List.of(), null, null, Map.of(), Map.of(), null, List.of()).encode();
        value[0] = 4;
        assertThatThrownBy(() -> ObjectRecord.of(value)).isInstanceOf(StoreException.class);
    }
}
