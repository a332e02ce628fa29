package io.forebay.storage.crypto;

import static io.forebay.storage.crypto.SealedObject.BUCKET;
import static io.forebay.storage.crypto.SealedObject.KEY;
import static io.forebay.storage.crypto.SealedObject.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.CustomerKey;
import io.forebay.common.model.Encryption;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.seal.MasterKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealingTest {
    private static final String MASTER = "0123456789abcdef0123456789abcdef";
    private static final int CHUNK = Chunks.CONTENT_BYTES;
    private static final Encryption AES256 = Encryption.of(Encryption.Scheme.AES256);
    private static final Encryption CUSTOMER = Encryption.of(Encryption.Scheme.CUSTOMER);
    private static final String GOLDEN_SEAL =
            "01296177733a6b6d733b6b65793d66697273743b636f6e746578743d6533303d3b6275636b65742d6b65790837356663"
                    + "326330663c1a293f52409072fa33cf3b499b8d73e710857ffa40a3d22a0877e775e10a923d54103106942d694e03290b"
                    + "978e0b581fb56b4fd7c536274f7ecaa6dd0117559bf27c93529a51334d3f9164b0943348ad2d3e2079ae7b004e36b68e"
                    + "5ccfdc197c044e80860c50c6449d6158b677af098a1265b0cdca9b28dd82730b8fcb5ac938833b291aa1e1258e3b3aab"
                    + "f6d7cbeae7fd84f3e1aec1de";
    private static final String GOLDEN_BYTES = "52c17412d16cf541d4f1442f494289eb6f7738fd23d8fe";
    private static final CustomerKey ONE = customerKey(1);
    private static final CustomerKey OTHER = customerKey(2);

    private final Seals seals =
            new Seals(MasterKeys.of(MASTER), new EncryptionConfig(List.of("first", "second"), "second"));
    private final Sealing sealing = seals.begin(AES256, null, BUCKET, KEY);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5})
    void contentComesBackHoweverItIsCut(int bytes) {
        byte[] content = content(bytes);
        for (int pieceBytes : new int[] {1 + bytes / 7, 4096, CHUNK, 1 << 20}) {
            SealedObject object = SealedObject.of(sealing, content, pieceBytes);
            int chunks = Math.ceilDiv(bytes, CHUNK);
            assertThat(object.stored()).hasSize(bytes + 16 * chunks);
            assertThat(object.record().contentSize()).isEqualTo(bytes);
            OpenedRecord opened = open(object.record());
            assertThat(opened.record().size()).isEqualTo(bytes);
            assertThat(opened.record().checksums()).containsExactly(SealedObject.md5(content));
            if (bytes > 0) {
                ByteRange all = new ByteRange(0, bytes);
                assertThat(object.read(opened, all, pieceBytes)).isEqualTo(content);
                assertThat(object.read(opened, all, 70_001)).isEqualTo(content);
            }
        }
    }

    @Test
    void everyRangeAtTheEdgesOfChunksAndRuns() {
        byte[] content = content(5 * CHUNK + 7);
        SealedObject object = ofParts(content, 3 * CHUNK + 7, 1, CHUNK - 1, CHUNK);
        OpenedRecord opened = open(object.record());
        int[] edges = {0, CHUNK, 2 * CHUNK, 3 * CHUNK, 3 * CHUNK + 7, 3 * CHUNK + 8, 4 * CHUNK + 7, content.length};
        for (int from : edges) {
            for (int to : edges) {
                for (int shift = -1; shift <= 1; shift++) {
                    assertRange(object, opened, content, from, to + shift);
                    assertRange(object, opened, content, from + shift, to);
                }
            }
        }
    }

    private static void assertRange(SealedObject object, OpenedRecord opened, byte[] content, int from, int to) {
        if (from >= 0 && from < to && to <= content.length) {
            assertThat(object.read(opened, new ByteRange(from, to - from), 50_000))
                    .as("%s to %s", from, to)
                    .isEqualTo(Arrays.copyOfRange(content, from, to));
        }
    }

    @Test
    void rangeNeedsNoMoreThanItsChunks() {
        SealedObject object = SealedObject.of(sealing, content(10 * CHUNK), CHUNK);
        ByteRange needed = open(object.record()).stored(new ByteRange(5 * CHUNK + 3, 1));
        assertThat(needed).isEqualTo(new ByteRange(5 * (CHUNK + 16), CHUNK + 16));
    }

    @Test
    void sameContentIsNeverStoredTheSame() {
        byte[] content = content(100);
        String stored =
                HexFormat.of().formatHex(SealedObject.of(sealing, content, 100).stored());
        assertThat(stored)
                .isNotEqualTo(HexFormat.of()
                        .formatHex(SealedObject.of(sealing, content, 100).stored()))
                .doesNotContain(HexFormat.of().formatHex(content, 0, 4));
    }

    @Test
    void everyChangedBitIsNoticed() {
        byte[] content = content(CHUNK + 50);
        SealedObject object = SealedObject.of(sealing, content, CHUNK);
        OpenedRecord opened = open(object.record());
        ByteRange all = new ByteRange(0, content.length);
        for (int at :
                new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 15, CHUNK + 16, CHUNK + 80, object.stored().length - 1}) {
            byte[] changed = object.stored().clone();
            changed[at] ^= 4;
            SealedObject broken = new SealedObject(object.record(), changed);
            assertFails(ErrorCode.CORRUPT, () -> broken.read(opened, all, 1 << 20));
        }
        SealedObject cut =
                new SealedObject(object.record(), Arrays.copyOf(object.stored(), object.stored().length - 1));
        assertThatThrownBy(() -> cut.read(opened, all, 1 << 20)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void chunksCannotChangePlaces() {
        SealedObject object = SealedObject.of(sealing, content(2 * CHUNK), CHUNK);
        byte[] swapped = object.stored().clone();
        int stored = CHUNK + 16;
        System.arraycopy(object.stored(), 0, swapped, stored, stored);
        System.arraycopy(object.stored(), stored, swapped, 0, stored);
        OpenedRecord opened = open(object.record());
        SealedObject broken = new SealedObject(object.record(), swapped);
        assertFails(ErrorCode.CORRUPT, () -> broken.read(opened, new ByteRange(0, 2 * CHUNK), CHUNK));
    }

    /// No byte of a seal can be changed, or be missing, without notice.
    @Test
    void everyChangedByteOfASealIsNoticed() {
        Seal seal = SealedObject.of(sealing, content(20), 20).seal();
        byte[] stored = content(36);
        for (int at = 0; at < seal.bytes().length; at++) {
            byte[] changed = seal.bytes().clone();
            changed[at] ^= 1;
            ObjectRecord record =
                    SealedObject.of(stored, new Seal(20, changed), "e").record();
            assertThatThrownBy(() -> open(record)).as("byte %s", at).isInstanceOf(StoreException.class);
            byte[] cut = Arrays.copyOf(seal.bytes(), at);
            ObjectRecord shorter =
                    SealedObject.of(stored, new Seal(20, cut), "e").record();
            assertThatThrownBy(() -> open(shorter)).as("cut at %s", at).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void sealIsGoodForItsObjectOnly() {
        Seal seal = SealedObject.of(sealing, content(20), 20).seal();
        ObjectKey otherName = new ObjectKey(BucketName.of("b"), "folder/names");
        assertFails(ErrorCode.CORRUPT, () -> seals.resume(seal, null, BUCKET, otherName));
        Bucket otherBucket = new Bucket(BucketName.of("b"), 8, 0, new TreeMap<>(), false);
        assertFails(ErrorCode.CORRUPT, () -> seals.resume(seal, null, otherBucket, KEY));
    }

    @Test
    void runsCannotBeLeftOut() {
        SealedObject both = ofParts(content(50), 20, 30);
        Seal seal = both.seal();
        SealCodec.Parts parts = SealCodec.decode(seal);
        Runs first = Runs.of(List.of(new Runs.Run(36, parts.runs().salt(0))));
        Seal cut = SealCodec.encode(20, new SealCodec.Parts(parts.envelope(), first, parts.facts()));
        ObjectRecord record =
                SealedObject.of(Arrays.copyOf(both.stored(), 36), cut, "e").record();
        assertFails(ErrorCode.CORRUPT, () -> open(record));
    }

    @Test
    void customersObjectOpensByItsKeyOnly() {
        Sealing own = seals.begin(CUSTOMER, ONE, BUCKET, KEY);
        byte[] content = content(1000);
        SealedObject object = SealedObject.of(own, content, 1000);
        Seal seal = object.seal();
        assertThat(object.read(seals.resume(seal, ONE, BUCKET, KEY).open(object.record()), new ByteRange(0, 1000), 99))
                .isEqualTo(content);
        assertFails(ErrorCode.KEY_REFUSED, () -> seals.resume(seal, OTHER, BUCKET, KEY));
        assertFails(ErrorCode.KEY_REFUSED, () -> seals.resume(seal, null, BUCKET, KEY));
        assertFails(ErrorCode.KEY_REFUSED, () -> seals.begin(CUSTOMER, null, BUCKET, KEY));
        String kept = HexFormat.of().formatHex(seal.bytes());
        assertThat(kept).doesNotContain(HexFormat.of().formatHex(ONE.bytes()));
        assertThat(ONE).hasToString("***");
    }

    @Test
    void customersKeyIsRefusedWhereThereIsAnother() {
        Seal seal = SealedObject.of(sealing, content(20), 20).seal();
        assertFails(ErrorCode.KEY_REFUSED, () -> seals.resume(seal, ONE, BUCKET, KEY));
    }

    @Test
    void namedKeysAreOnesOfTheirOwn() {
        Sealing first = seals.begin(Encryption.parse("aws:kms;key=first;context=e30="), null, BUCKET, KEY);
        Seal seal = SealedObject.of(first, content(20), 20).seal();
        assertThat(Seals.encryption(seal).toString()).isEqualTo("aws:kms;key=first;context=e30=");
        assertThat(seals.begin(Encryption.of(Encryption.Scheme.KMS), null, BUCKET, KEY)
                        .encryption()
                        .keyId())
                .isEqualTo("second");
        assertFails(ErrorCode.KEY_UNKNOWN, () -> seals.begin(Encryption.parse("aws:kms;key=third"), null, BUCKET, KEY));
        Seals without = new Seals(MasterKeys.of(MASTER), EncryptionConfig.none());
        assertFails(ErrorCode.KEY_UNKNOWN, () -> without.resume(seal, null, BUCKET, KEY));
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> without.begin(Encryption.of(Encryption.Scheme.KMS), null, BUCKET, KEY));
    }

    @Test
    void formerMasterKeysOpenAndTheNewestSeals() {
        Seal old = SealedObject.of(sealing, content(20), 20).seal();
        Secret newest = new Secret(MASTER.replace('0', '9'));
        Seals rotated = new Seals(new MasterKeys(newest, List.of(new Secret(MASTER))), EncryptionConfig.none());
        assertThat(rotated.resume(old, null, BUCKET, KEY).encryption()).isEqualTo(AES256);
        Seal fresh = rotated.begin(AES256, null, BUCKET, KEY).ofUpload();
        Seals later = new Seals(new MasterKeys(newest, List.of()), EncryptionConfig.none());
        assertThat(later.resume(fresh, null, BUCKET, KEY).encryption()).isEqualTo(AES256);
        assertFails(ErrorCode.KEY_UNKNOWN, () -> later.resume(old, null, BUCKET, KEY));
        assertFails(ErrorCode.KEY_UNKNOWN, () -> seals.resume(fresh, null, BUCKET, KEY));
    }

    /// Only under the cluster's own key is it the MD5: S3's clients compare it there.
    @Test
    void entityTagTellsNothingOfTheContent() {
        byte[] content = content(100);
        String md5 = SealedObject.md5(content).hex();
        assertThat(SealedObject.of(sealing, content, 100).record().etag()).isEqualTo(md5);
        Sealing named = seals.begin(Encryption.parse("aws:kms;key=first"), null, BUCKET, KEY);
        String tag = SealedObject.of(named, content, 100).record().etag();
        assertThat(tag).matches("[0-9a-f]{32}-x").doesNotContain(md5);
        assertThat(SealedObject.of(named, content, 100).record().etag()).isEqualTo(tag);
        Sealing another = seals.begin(Encryption.parse("aws:kms;key=first"), null, BUCKET, KEY);
        assertThat(SealedObject.of(another, content, 100).record().etag()).isNotEqualTo(tag);
    }

    @Test
    void closedRecordTellsSizesAlone() {
        SealedObject object = ofParts(content(2 * CHUNK + 1), CHUNK, CHUNK + 1);
        RecordDraft stored = RecordDraft.of(object.record());
        ObjectRecord closed = ClosedRecord.of(ObjectRecord.of(withParts(stored).encode()));
        assertThat(closed.size()).isEqualTo(2 * CHUNK + 1);
        assertThat(closed.checksums()).isEmpty();
        assertThat(closed.parts())
                .containsExactly(new PartSpan(1, 0, CHUNK, null), new PartSpan(2, CHUNK, CHUNK + 1, null));
        assertThat(closed.system()).containsEntry("content-type", "a/b");
        assertThat(closed.modifiedMillis()).isEqualTo(5);
    }

    /// Volumes hold such seals, so they can always be opened.
    @Test
    void sealOfFormatOneOpens() {
        byte[] seal = HexFormat.of().parseHex(GOLDEN_SEAL);
        byte[] stored = HexFormat.of().parseHex(GOLDEN_BYTES);
        SealedObject object = SealedObject.of(stored, new Seal(7, seal), "e");
        OpenedRecord opened = open(object.record());
        assertThat(object.read(opened, new ByteRange(0, 7), 7)).asString().isEqualTo("content");
        assertThat(opened.record().checksums())
                .containsExactly(SealedObject.md5("content".getBytes(StandardCharsets.US_ASCII)));
    }

    private static RecordDraft withParts(RecordDraft draft) {
        long first = CHUNK + 16;
        List<PartSpan> parts =
                List.of(new PartSpan(1, 0, first, null), new PartSpan(2, first, draft.size() - first, null));
        RecordDraft made = new RecordDraft(
                draft.size(),
                draft.modifiedMillis(),
                draft.accessedMillis(),
                draft.version(),
                draft.checksums(),
                draft.etag(),
                null,
                draft.system(),
                draft.custom(),
                null,
                parts);
        return made.withSeal(draft.seal());
    }

    /// An object made of parts with these sizes.
    private SealedObject ofParts(byte[] content, int... sizes) {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        List<OpenedRecord> pieces = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            SealedObject part = SealedObject.of(sealing, Arrays.copyOfRange(content, at, at + size), 9_999);
            stored.writeBytes(part.stored());
            pieces.add(sealing.open(part.record()));
            at += size;
        }
        RecordDraft seen = RecordDraft.ofContent(content.length, List.of(), null, List.of());
        return SealedObject.of(stored.toByteArray(), sealing.join(pieces, seen), "e");
    }

    private OpenedRecord open(ObjectRecord record) {
        Seal seal = record.seal();
        if (seal == null) {
            throw new AssertionError("the record is not sealed");
        }
        return seals.resume(seal, null, BUCKET, KEY).open(record);
    }

    private static CustomerKey customerKey(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return CustomerKey.parse(Base64.getEncoder().encodeToString(bytes));
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
