package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Durability;
import io.forebay.common.model.VersionId;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions on the primary of a key and on its other holder.
final class SharedVersionsTest {
    private static final RemovalOptions MARKING = new RemovalOptions(Conditions.NONE, true, false);

    @TempDir
    private Path folder;

    private final Holders holders = new Holders(() -> List.of(other().store()));
    private final Holders holdersOfOther = new Holders(() -> List.of(fixture().store()));
    private final Bucket bucket = bucket("Enabled");
    private StoreFixture fixture;
    private StoreFixture other;

    @BeforeEach
    void open() {
        fixture = StoreFixture.among(folder.resolve("one"), holders);
        other = StoreFixture.among(folder.resolve("two"), holdersOfOther);
    }

    @AfterEach
    void close() {
        fixture.close();
        other.close();
    }

    private StoreFixture fixture() {
        return fixture;
    }

    private StoreFixture other() {
        return other;
    }

    private static Bucket bucket(String versioning) {
        TreeMap<String, String> properties =
                new TreeMap<>(Map.of(Bucket.DURABILITY, Durability.GROUP.wireName(), Bucket.VERSIONING, versioning));
        return new Bucket(BucketName.of("bucket"), 1, 0, properties, false);
    }

    private static List<String> describe(StoreFixture node, Bucket bucket) {
        return node.store().versions(bucket, key(bucket, "a")).stream()
                .map(version -> version.id() + (version.latest() ? " latest " : " ")
                        + version.record().stamp() + " " + version.record().etag())
                .toList();
    }

    private void assertSame() {
        assertThat(describe(other, bucket)).isEqualTo(describe(fixture, bucket));
    }

    @Test
    void bothHaveWhatWasReplacedRemovedAndIsBack() {
        String first = fixture.put(bucket, "a", bytes(1, 50_000)).versionId();
        String second = fixture.put(bucket, "a", bytes(2, 100)).versionId();
        assertSame();
        Removed marker = Objects.requireNonNull(fixture.store().remove(bucket, key(bucket, "a"), MARKING));
        assertSame();
        assertThat(other.get(bucket, "a")).isNull();
        fixture.store().remove(bucket, key(bucket, "a").at(marker.versionId()), MARKING);
        assertSame();
        assertThat(other.get(bucket, "a")).isEqualTo(bytes(2, 100));
        fixture.store().remove(bucket, key(bucket, "a").at(second), MARKING);
        assertSame();
        assertThat(other.get(bucket, "a")).isEqualTo(bytes(1, 50_000));
        fixture.put(bucket("Suspended"), "a", bytes(3, 10));
        fixture.put(bucket("Suspended"), "a", bytes(4, 10));
        assertSame();
        assertThat(other.store().versions(bucket, key(bucket, "a")))
                .extracting(VersionScan.Version::id)
                .containsExactly(VersionId.NULL, first);
        fixture.store()
                .updateSystem(
                        bucket, key(bucket, "a").at(first), Map.of("x-amz-tagging", "a=b"), Conditions.NONE, false);
        assertSame();
    }

    /// What the other holder lacks is sent whole.
    @Test
    void aHolderThatWasEmptiedGetsTheVersionThatStays() {
        String first = fixture.put(bucket, "a", bytes(1, 40_000)).versionId();
        other.store().holdings().discard(bucket, key(bucket, "a"), Long.MAX_VALUE);
        fixture.put(bucket, "a", bytes(2, 100));
        assertSame();
        assertThat(other.store().versions(bucket, key(bucket, "a")))
                .extracting(VersionScan.Version::id)
                .contains(first);
    }

    @Test
    void nothingChangesWhenTheOtherHolderCannotBeReached() {
        fixture.put(bucket, "a", bytes(1, 100));
        List<String> before = describe(fixture, bucket);
        holders.isReachable = false;
        assertThatThrownBy(() -> fixture.put(bucket, "a", bytes(2, 100))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> fixture.store().remove(bucket, key(bucket, "a"), MARKING))
                .isInstanceOf(StoreException.class);
        assertThat(describe(fixture, bucket)).isEqualTo(before);
        holders.isReachable = true;
        fixture.put(bucket, "a", bytes(3, 100));
        assertSame();
    }

    /// A node that was the key's holder when a change failed may have it with the stamp of a later one.
    @Test
    void whatStaysIsNeverMadeOfTheBytesOfAChangeThatFailed() {
        fixture.put(bucket, "a", bytes(1, 100));
        holders.isAsked = false;
        String second = fixture.put(bucket, "a", bytes(2, 100)).versionId();
        holders.isAsked = true;
        holdersOfOther.isAsked = false;
        other.put(bucket, "a", bytes(3, 100));
        assertThat(Objects.requireNonNull(other.record(bucket, "a")).stamp())
                .isEqualTo(Objects.requireNonNull(fixture.record(bucket, "a")).stamp());
        fixture.put(bucket, "a", bytes(4, 100));
        assertThat(other.get(bucket, key(bucket, "a").at(second))).isEqualTo(bytes(2, 100));
    }

    /// The other holder may be silent when it is asked for its versions.
    @Test
    void whatWasTheObjectStaysWhereANewerOneIsTakenOver() {
        String first = fixture.put(bucket, "a", bytes(1, 50_000)).versionId();
        holders.isAsked = false;
        holders.epoch = 4;
        byte[] newer = bytes(2, 100);
        RecordDraft description = RecordDraft.describing(Objects.requireNonNull(fixture.put(bucket, "b", newer)))
                .withStamp(new Stamp(4, 7));
        receive("a", newer, description);
        assertThat(fixture.get(bucket, "a")).isEqualTo(newer);
        assertThat(fixture.get(bucket, key(bucket, "a").at(first))).isEqualTo(bytes(1, 50_000));
        fixture.store().updateSystem(bucket, key(bucket, "a"), Map.of("x-amz-tagging", "a=b"), Conditions.NONE);
        receive("a", newer, description.withStamp(new Stamp(4, 9)));
        fixture.restart();
        assertThat(fixture.get(bucket, key(bucket, "a").at(first))).isEqualTo(bytes(1, 50_000));
        assertThat(fixture.store().versions(bucket, key(bucket, "a"))).hasSize(2);
    }

    @Test
    void whatWasTheObjectStaysWhereARemovalIsTakenOver() {
        String first = fixture.put(bucket, "a", bytes(1, 50_000)).versionId();
        String second = fixture.put(bucket, "b", bytes(2, 100)).versionId();
        holders.isAsked = false;
        assertThat(fixture.store()
                        .holdings()
                        .adoptRemoval(bucket, key(bucket, "a"), new Stamp(4, 7))
                        .accepted())
                .isTrue();
        fixture.store().spreadRemoval(bucket, key(bucket, "b"), new Stamp(4, 7));
        fixture.restart();
        assertThat(fixture.get(bucket, "a")).isNull();
        assertThat(fixture.get(bucket, "b")).isNull();
        assertThat(fixture.get(bucket, key(bucket, "a").at(first))).isEqualTo(bytes(1, 50_000));
        assertThat(fixture.get(bucket, key(bucket, "b").at(second))).isEqualTo(bytes(2, 100));
    }

    @Test
    void aVersionThatWasRemovedIsNotKept() {
        String first = fixture.put(bucket, "a", bytes(1, 100)).versionId();
        fixture.store().holdings().receiveRemoval(bucket, key(bucket, "a").at(first), new Stamp(4, 5));
        holders.isAsked = false;
        RecordDraft description = RecordDraft.describing(
                        Objects.requireNonNull(fixture.put(bucket, "b", bytes(2, 100))))
                .withStamp(new Stamp(4, 7));
        receive("a", bytes(2, 100), description);
        assertThat(fixture.store().versions(bucket, key(bucket, "a"))).hasSize(1);
    }

    private void receive(String name, byte[] content, RecordDraft description) {
        try (ReceiveSession session = fixture.store().holdings().receive(bucket, key(bucket, name), content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            assertThat(session.adopt(description).accepted()).isTrue();
        }
    }

    @Test
    void aChangeThatMayHaveBeenTakenLeavesItsStampToNoOther() {
        fixture.put(bucket, "a", bytes(1, 100));
        holders.whenCommitted = () -> {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the answer is lost");
        };
        assertThatThrownBy(() -> fixture.put(bucket, "a", bytes(2, 100))).isInstanceOf(StoreException.class);
        holders.whenCommitted = () -> {};
        Stamp taken = Objects.requireNonNull(other.record(bucket, "a")).stamp();
        holders.isAsked = false;
        assertThat(fixture.put(bucket, "a", bytes(3, 100)).stamp()).isGreaterThan(taken);
    }
}
