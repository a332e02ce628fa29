package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.UploadRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node takes from other nodes, and what it tells them.
final class HoldingsTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);

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

    private Holdings holdings() {
        return fixture.store().holdings();
    }

    private static RecordDraft description(byte[] content, Stamp stamp, Map<String, String> custom) {
        return description(content, stamp, custom, List.of(xxhash(content)), List.of());
    }

    private static RecordDraft description(
            byte[] content, Stamp stamp, Map<String, String> custom, List<Checksum> checksums, List<PartSpan> parts) {
        return new RecordDraft(
                content.length, 5, 5, 1, stamp, checksums, null, null, Map.of(), custom, null, parts, null);
    }

    private static Checksum xxhash(byte[] content) {
        return Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content));
    }

    private Received receive(String name, byte[] content, Stamp stamp) {
        return receive(name, content, description(content, stamp, Map.of("from", "elsewhere")));
    }

    private Received receive(String name, byte[] content, RecordDraft description) {
        try (ReceiveSession session = holdings().receive(BUCKET, key(BUCKET, name), content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            return session.commit(description);
        }
    }

    private Held held(String name) {
        return Objects.requireNonNull(holdings().find(BUCKET, new ObjectKey(BUCKET.name(), name)), name);
    }

    @Test
    void aCopyIsWhatItWasElsewhereAndOutlivesARestart() {
        byte[] small = bytes(1, 300);
        byte[] large = bytes(2, 50_000);
        RecordDraft ofSmall = description(small, new Stamp(4, 9), Map.of("a", "b"));
        RecordDraft ofLarge = description(large, new Stamp(3, 2), Map.of());
        assertThat(receive("small", small, ofSmall)).isEqualTo(new Received(true, new Stamp(4, 9)));
        assertThat(receive("large", large, ofLarge)).isEqualTo(new Received(true, new Stamp(3, 2)));
        fixture.restart();
        assertThat(fixture.get(BUCKET, "small")).isEqualTo(small);
        assertThat(fixture.get(BUCKET, "large")).isEqualTo(large);
        assertThat(RecordDraft.describing(Objects.requireNonNull(fixture.record(BUCKET, "small"))))
                .isEqualTo(ofSmall);
        assertThat(RecordDraft.describing(Objects.requireNonNull(fixture.record(BUCKET, "large"))))
                .isEqualTo(ofLarge);
        assertThat(held("large").stamp()).isEqualTo(new Stamp(3, 2));
    }

    @Test
    void onlyWhatIsNewerIsTaken() {
        byte[] first = bytes(1, 300);
        byte[] second = bytes(2, 300);
        receive("a", first, new Stamp(4, 9));
        assertThat(receive("a", second, new Stamp(4, 8))).isEqualTo(new Received(false, new Stamp(4, 9)));
        assertThat(receive("a", second, new Stamp(3, 99))).isEqualTo(new Received(false, new Stamp(4, 9)));
        assertThat(receive("a", first, new Stamp(4, 9))).isEqualTo(new Received(true, new Stamp(4, 9)));
        assertThat(receive("a", second, new Stamp(4, 9))).isEqualTo(new Received(false, new Stamp(4, 9)));
        assertThat(fixture.get(BUCKET, "a")).isEqualTo(first);
        assertThat(receive("a", second, new Stamp(5, 1))).isEqualTo(new Received(true, new Stamp(5, 1)));
        assertThat(fixture.get(BUCKET, "a")).isEqualTo(second);
    }

    @Test
    void bytesWithAnotherChecksumAreNotTaken() {
        byte[] content = bytes(1, 300);
        RecordDraft other = description(bytes(2, 300), new Stamp(1, 1), Map.of());
        assertRefused(ErrorCode.CHECKSUM_MISMATCH, content, other);
        Checksum wrong = xxhash(bytes(3, 100));
        PartSpan ok = new PartSpan(1, 0, 100, xxhash(bytes(1, 100)));
        RecordDraft parts = description(
                content, new Stamp(1, 1), Map.of(), List.of(), List.of(ok, new PartSpan(2, 100, 200, wrong)));
        assertRefused(ErrorCode.CHECKSUM_MISMATCH, content, parts);
        assertRefused(ErrorCode.INCOMPLETE_BODY, content, description(bytes(1, 299), new Stamp(1, 1), Map.of()));
        assertThat(holdings().find(BUCKET, new ObjectKey(BUCKET.name(), "a"))).isNull();
    }

    private void assertRefused(ErrorCode code, byte[] content, RecordDraft description) {
        assertThatThrownBy(() -> receive("a", content, description))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anObjectOfPartsIsVerifiedByThem() {
        byte[] content = bytes(1, 40_000);
        byte[] begin = java.util.Arrays.copyOf(content, 30_000);
        byte[] end = java.util.Arrays.copyOfRange(content, 30_000, 40_000);
        List<PartSpan> parts =
                List.of(new PartSpan(1, 0, 30_000, xxhash(begin)), new PartSpan(7, 30_000, 10_000, xxhash(end)));
        RecordDraft description = new RecordDraft(
                40_000,
                5,
                5,
                1,
                new Stamp(2, 3),
                List.of(),
                "a-tag",
                "crc32c=AAAA==-2",
                Map.of(),
                Map.of(),
                null,
                parts,
                null);
        assertThat(receive("m", content, description).accepted()).isTrue();
        ObjectRecord record = Objects.requireNonNull(fixture.record(BUCKET, "m"));
        assertThat(RecordDraft.describing(record)).isEqualTo(description);
        assertThat(fixture.get(BUCKET, "m")).isEqualTo(content);
    }

    @Test
    void attributesAreTakenWhereTheBytesAre() {
        byte[] content = bytes(1, 20_000);
        receive("a", content, new Stamp(2, 1));
        RecordDraft changed = description(content, new Stamp(2, 2), Map.of("new", "one"));
        assertThat(holdings().receiveAttributes(BUCKET, key(BUCKET, "a"), changed, base("a", new Stamp(1, 1))))
                .isEqualTo(new Received(false, new Stamp(2, 1)));
        assertThat(holdings().receiveAttributes(BUCKET, key(BUCKET, "b"), changed, base("b", new Stamp(2, 1))))
                .isEqualTo(new Received(false, Stamp.NONE));
        assertThat(holdings().receiveAttributes(BUCKET, key(BUCKET, "a"), changed, base("a", new Stamp(2, 1))))
                .isEqualTo(new Received(true, new Stamp(2, 2)));
        assertThat(holdings().receiveAttributes(BUCKET, key(BUCKET, "a"), changed, base("a", new Stamp(2, 1))))
                .as("again")
                .isEqualTo(new Received(true, new Stamp(2, 2)));
        assertThat(Objects.requireNonNull(fixture.record(BUCKET, "a")).custom()).containsOnly(Map.entry("new", "one"));
        assertThat(fixture.get(BUCKET, "a")).isEqualTo(content);
    }

    /// Two changes that failed halfway may have got the same stamp.
    @Test
    void attributesAreNotTakenOfOtherBytesWithTheSameStamp() {
        byte[] content = bytes(1, 20_000);
        byte[] other = bytes(2, 20_000);
        receive("a", other, new Stamp(2, 1));
        RecordDraft changed = description(content, new Stamp(2, 2), Map.of("new", "one"));
        assertThat(holdings().receiveAttributes(BUCKET, key(BUCKET, "a"), changed, base("a", new Stamp(2, 1))))
                .isEqualTo(new Received(false, new Stamp(2, 1)));
        assertThat(fixture.get(BUCKET, "a")).isEqualTo(other);
        assertThat(held("a").stamp()).isEqualTo(new Stamp(2, 1));
    }

    @Test
    void changesOfTheSameStampAreToldApart() {
        byte[] content = bytes(1, 300);
        receive("a", content, description(content, new Stamp(2, 1), Map.of("x", "1", "y", "2")));
        receive("b", content, description(content, new Stamp(2, 1), Map.of("y", "2", "x", "1")));
        receive("c", content, description(content, new Stamp(2, 1), Map.of("x", "1", "y", "3")));
        receive("d", bytes(2, 300), description(bytes(2, 300), new Stamp(2, 1), Map.of("x", "1", "y", "2")));
        holdings().receiveRemoval(BUCKET, key(BUCKET, "e"), new Stamp(2, 1));
        fixture.restart();
        assertThat(held("b").digest()).isEqualTo(held("a").digest());
        assertThat(List.of(
                        held("a").digest(),
                        held("c").digest(),
                        held("d").digest(),
                        held("e").digest()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aRemovalIsRememberedUntilItIsForgotten() {
        receive("a", bytes(1, 300), new Stamp(2, 1));
        assertThat(holdings().receiveRemoval(BUCKET, key(BUCKET, "a"), new Stamp(1, 9)))
                .isEqualTo(new Received(false, new Stamp(2, 1)));
        assertThat(holdings().receiveRemoval(BUCKET, key(BUCKET, "a"), new Stamp(2, 2)))
                .isEqualTo(new Received(true, new Stamp(2, 2)));
        fixture.restart();
        assertThat(fixture.get(BUCKET, "a")).isNull();
        assertThat(held("a")).isEqualTo(new Held(new Stamp(2, 2), null));
        assertThat(receive("a", bytes(1, 300), new Stamp(2, 1)).accepted()).isFalse();
        assertThat(fixture.put(BUCKET, "a", bytes(3, 10)).stamp()).isEqualTo(new Stamp(2, 3));
        assertThat(held("a").record()).isNotNull();
        holdings().receiveRemoval(BUCKET, key(BUCKET, "b"), new Stamp(2, 2));
        holdings().dropTombstones(1, Duration.ZERO, UnaryOperator.identity());
        assertThat(held("b").stamp()).as("of a later epoch").isEqualTo(new Stamp(2, 2));
        holdings().dropTombstones(2, Duration.ZERO, UnaryOperator.identity());
        assertThat(holdings().find(BUCKET, new ObjectKey(BUCKET.name(), "b"))).isNull();
        fixture.restart();
        assertThat(fixture.get(BUCKET, "a")).isEqualTo(bytes(3, 10));
    }

    @Test
    void aRemovalIsRememberedForAsLongAsAnOlderValueMayBeOnItsWay() {
        receive("a", bytes(1, 300), new Stamp(2, 1));
        holdings().receiveRemoval(BUCKET, key(BUCKET, "a"), new Stamp(2, 2));
        holdings().dropTombstones(2, Duration.ofDays(1), UnaryOperator.identity());
        assertThat(receive("a", bytes(1, 300), new Stamp(2, 1))).isEqualTo(new Received(false, new Stamp(2, 2)));
    }

    @Test
    void theScanHasTheNewestOfEachName() {
        fixture.put(BUCKET, "b", bytes(1, 10));
        receive("a", bytes(1, 300), new Stamp(2, 1));
        for (String name : List.of("a\u0000x", "c", "d")) {
            receive(name, bytes(2, 10), new Stamp(2, 1));
            holdings().receiveRemoval(BUCKET, key(BUCKET, name), new Stamp(2, 2));
        }
        receive("c", bytes(2, 10), new Stamp(2, 3));
        assertThat(scan("")).containsExactly("a 2.1", "a\u0000x 2.2 removed", "b 0.1", "c 2.3", "d 2.2 removed");
        assertThat(scan("b")).containsExactly("b 0.1", "c 2.3", "d 2.2 removed");
    }

    private List<String> scan(String from) {
        List<String> found = new ArrayList<>();
        try (HeldScan scan = holdings().scan(BUCKET.id())) {
            scan.seek(from);
            while (scan.next()) {
                found.add(scan.name() + " " + scan.held().stamp() + (scan.held().record() == null ? " removed" : ""));
            }
        }
        return found;
    }

    @Test
    void whatIsDiscardedLeavesNoTombstone() {
        receive("a", bytes(1, 300), new Stamp(2, 1));
        assertThat(holdings().discard(BUCKET, key(BUCKET, "a"), 1))
                .as("of a later epoch")
                .isFalse();
        assertThat(holdings().discard(BUCKET, key(BUCKET, "b"), 2)).isFalse();
        assertThat(held("a").stamp()).isEqualTo(new Stamp(2, 1));
        assertThat(holdings().discard(BUCKET, key(BUCKET, "a"), 2)).isTrue();
        assertThat(holdings().find(BUCKET, new ObjectKey(BUCKET.name(), "a"))).isNull();
        assertThat(receive("a", bytes(1, 300), new Stamp(1, 1)).accepted()).isTrue();
    }

    @Test
    void attributesThatChangeAreNewerThoughTheVersionStays() {
        fixture.put(BUCKET, "a", bytes(1, 10));
        fixture.put(BUCKET, "a", bytes(2, 10));
        ObjectRecord changed =
                fixture.store().updateCustom(BUCKET, key(BUCKET, "a"), Map.of("k", "v"), MapChange.REPLACE);
        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.stamp()).isEqualTo(new Stamp(0, 3));
        ObjectRecord next = fixture.put(BUCKET, "a", bytes(3, 10));
        assertThat(next.version()).isEqualTo(3);
        assertThat(next.stamp()).isEqualTo(new Stamp(0, 4));
    }

    @Test
    void anUploadGoesOnElsewhere() {
        byte[] one = bytes(1, 20_000);
        byte[] two = bytes(2, 500);
        Upload.Options options = new Upload.Options(Upload.Kind.MULTIPART, "note", Map.of(), Map.of("k", "v"));
        String id = fixture.store().createUpload(BUCKET, key(BUCKET, "m"), options);
        fixture.putPart(BUCKET, "m", id, 1, one);
        fixture.putPart(BUCKET, "m", id, 2, two);
        UploadRecord record = Objects.requireNonNull(holdings().findUpload(BUCKET, key(BUCKET, "m"), id));
        List<RecordDraft> parts = fixture.store().listParts(BUCKET, key(BUCKET, "m"), id).stream()
                .map(part -> RecordDraft.describing(part.record()))
                .toList();
        try (StoreFixture other = StoreFixture.in(folder.resolve("other"))) {
            Holdings there = other.store().holdings();
            assertThat(there.receiveUpload(BUCKET, key(BUCKET, "m"), id, record))
                    .isTrue();
            receivePart(there, id, 1, one, parts.get(0));
            receivePart(there, id, 2, two, parts.get(1));
            assertThat(there.receiveUpload(BUCKET, key(BUCKET, "m"), id, record))
                    .as("again")
                    .isTrue();
            assertThat(there.findUpload(BUCKET, key(BUCKET, "m"), id)).isEqualTo(record);
            other.store()
                    .completeUpload(
                            BUCKET,
                            key(BUCKET, "m"),
                            id,
                            Conditions.NONE,
                            (upload, found) -> new Completion(found, null, List.of(), null, null));
            byte[] whole = java.util.Arrays.copyOf(one, 20_500);
            System.arraycopy(two, 0, whole, 20_000, 500);
            assertThat(other.get(BUCKET, "m")).isEqualTo(whole);
        }
        holdings().discardUpload(BUCKET, key(BUCKET, "m"), id);
        assertThat(fixture.store().findUpload(BUCKET, key(BUCKET, "m"), id)).isNull();
        assertThat(holdings().receiveUpload(BUCKET, key(BUCKET, "m"), id, record))
                .isTrue();
    }

    private static void receivePart(Holdings there, String id, int number, byte[] content, RecordDraft description) {
        try (ReceiveSession session = there.receivePart(BUCKET, key(BUCKET, "m"), id, number, content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            session.commit(description);
        }
    }

    private static Redundancy.Base base(String name, Stamp stamp) {
        return new Redundancy.Base(key(BUCKET, name), stamp);
    }
}
