package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.common.model.VersionId;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The versions of objects on one node, and against a model that says what there is.
final class VersionsTest {
    private static final Bucket PLAIN = bucket("");
    private static final Bucket ENABLED = bucket("Enabled");
    private static final Bucket SUSPENDED = bucket("Suspended");
    private static final RemovalOptions MARKING = new RemovalOptions(Conditions.NONE, true, false);

    @TempDir
    private Path folder;

    private StoreFixture fixture;

    @BeforeEach
    void open() {
        fixture = StoreFixture.stepped(folder, Map.of("volume.segment", "256KiB"));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Bucket bucket(String versioning) {
        TreeMap<String, String> properties = new TreeMap<>(Map.of(Bucket.DURABILITY, Durability.NONE.wireName()));
        if (!versioning.isEmpty()) {
            properties.put(Bucket.VERSIONING, versioning);
        }
        return new Bucket(BucketName.of("bucket"), 1, 0, properties, false);
    }

    private List<VersionScan.Version> versions() {
        return fixture.store().versions(ENABLED, key(ENABLED, "a"));
    }

    private List<String> ids() {
        return versions().stream().map(VersionScan.Version::id).toList();
    }

    private byte @Nullable [] get(String id) {
        return fixture.get(ENABLED, key(ENABLED, "a").at(id));
    }

    @Test
    void whatIsReplacedStays() {
        fixture.put(PLAIN, "a", bytes(1, 100));
        String second = fixture.put(ENABLED, "a", bytes(2, 50_000)).versionId();
        String third = fixture.put(ENABLED, "a", bytes(3, 300)).versionId();
        assertThat(ids()).containsExactly(third, second, VersionId.NULL);
        assertThat(get(second)).isEqualTo(bytes(2, 50_000));
        assertThat(get(VersionId.NULL)).isEqualTo(bytes(1, 100));
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(bytes(3, 300));
        assertThat(second).isGreaterThan(third);
        fixture.restart();
        fixture.settle();
        assertThat(ids()).containsExactly(third, second, VersionId.NULL);
        assertThat(get(second)).isEqualTo(bytes(2, 50_000));
    }

    @Test
    void aMarkerHidesTheObjectUntilItIsRemoved() {
        String first = fixture.put(ENABLED, "a", bytes(1, 100)).versionId();
        Removed removed = Objects.requireNonNull(fixture.store().remove(ENABLED, key(ENABLED, "a"), MARKING));
        assertThat(removed.marker()).isTrue();
        assertThat(fixture.get(ENABLED, "a")).isNull();
        assertThat(versions()).extracting(VersionScan.Version::id).containsExactly(removed.versionId(), first);
        assertThat(versions()).extracting(VersionScan.Version::latest).containsExactly(true, false);
        fixture.restart();
        Removed marker = fixture.store().remove(ENABLED, key(ENABLED, "a").at(removed.versionId()), MARKING);
        assertThat(marker).isEqualTo(new Removed(removed.versionId(), true));
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(bytes(1, 100));
        assertThat(ids()).containsExactly(first);
    }

    /// An owner that knew less counted from the beginning again, in a later epoch: no stamp may count less than the
    /// version that it is of.
    @Test
    void aVersionThatCountedFurtherUnderAnOlderEpochIsTheObjectAgain() {
        String older = VersionId.next(1_700_000_000_000L, null);
        String newer = VersionId.next(1_700_000_000_000L, older);
        receive(key(ENABLED, "a").at(older), bytes(1, 100), older, 9, new Stamp(1, 9));
        receive(key(ENABLED, "a"), bytes(2, 100), newer, 1, new Stamp(8, 2));
        assertThat(ids()).containsExactly(newer, older);
        fixture.store().remove(ENABLED, key(ENABLED, "a").at(newer), MARKING);
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(bytes(1, 100));
        assertThat(Objects.requireNonNull(fixture.record(ENABLED, "a")).stamp()).isEqualTo(new Stamp(8, 10));
        assertThat(fixture.put(ENABLED, "a", bytes(3, 100)).version()).isEqualTo(10);
    }

    private void receive(ObjectKey key, byte[] content, String id, long version, Stamp stamp) {
        RecordDraft draft = new RecordDraft(
                content.length,
                5,
                5,
                version,
                stamp,
                List.of(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content))),
                null,
                null,
                Map.of(VersionId.ATTRIBUTE, id),
                Map.of(),
                null,
                List.of(),
                null);
        try (ReceiveSession session = fixture.store().holdings().receive(ENABLED, key, content.length)) {
            session.write(ByteBuffer.wrap(content));
            assertThat(session.commit(draft).accepted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 60_000, 5_000_000})
    void whatIsExtendedStaysAVersionOfItsOwn(int size) {
        String first = fixture.put(ENABLED, "a", bytes(1, size)).versionId();
        String second = extend(bytes(2, size));
        String third = extend(bytes(3, size));
        assertThat(ids()).containsExactly(third, second, first);
        fixture.store().remove(ENABLED, key(ENABLED, "a").at(second), MARKING);
        fixture.settle();
        fixture.restart();
        assertThat(ids()).containsExactly(third, first);
        assertThat(get(first)).isEqualTo(bytes(1, size));
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(joined(size));
        fixture.store().remove(ENABLED, key(ENABLED, "a").at(first), MARKING);
        fixture.settle();
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(joined(size));
        fixture.restart();
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(joined(size));
    }

    private static byte[] joined(int size) {
        return ByteBuffer.allocate(3 * size)
                .put(bytes(1, size))
                .put(bytes(2, size))
                .put(bytes(3, size))
                .array();
    }

    private String extend(byte[] more) {
        ObjectStore store = fixture.store();
        ObjectKey key = key(ENABLED, "a");
        Upload.Options options = new Upload.Options(Upload.Kind.EXTEND, "", Map.of(), Map.of());
        String upload = store.createUpload(ENABLED, key, options);
        WriteOptions part = new WriteOptions(more.length, List.of(), List.of(), Map.of(), Map.of());
        try (WriteSession session = store.beginPart(ENABLED, key, upload, 1, part)) {
            session.write(ByteBuffer.wrap(more));
            session.commit(Conditions.NONE);
        }
        Completion.Decision all = (description, parts) -> new Completion(parts, null, List.of(), null, null);
        return store.completeUpload(ENABLED, key, upload, Conditions.NONE, all).versionId();
    }

    @Test
    void withoutTheNewestTheOneBeforeIsTheObjectAgain() {
        String first = fixture.put(ENABLED, "a", bytes(1, 60_000)).versionId();
        String second = fixture.put(ENABLED, "a", bytes(2, 100)).versionId();
        assertThat(fixture.store().remove(ENABLED, key(ENABLED, "a").at(second), MARKING))
                .isEqualTo(new Removed(second, false));
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(bytes(1, 60_000));
        assertThat(ids()).containsExactly(first);
        fixture.store().remove(ENABLED, key(ENABLED, "a").at(first), MARKING);
        assertThat(ids()).isEmpty();
        assertThat(fixture.store().remove(ENABLED, key(ENABLED, "a").at(first), MARKING))
                .isNull();
    }

    @Test
    void whereVersioningIsSuspendedOnlyTheVersionNullIsReplaced() {
        String first = fixture.put(ENABLED, "a", bytes(1, 100)).versionId();
        fixture.put(SUSPENDED, "a", bytes(2, 100));
        fixture.put(SUSPENDED, "a", bytes(3, 100));
        assertThat(ids()).containsExactly(VersionId.NULL, first);
        assertThat(fixture.get(ENABLED, "a")).isEqualTo(bytes(3, 100));
        String second = fixture.put(ENABLED, "a", bytes(4, 100)).versionId();
        assertThat(ids()).containsExactly(second, VersionId.NULL, first);
        Removed removed = fixture.store().remove(SUSPENDED, key(SUSPENDED, "a"), MARKING);
        assertThat(removed).isEqualTo(new Removed(VersionId.NULL, true));
        assertThat(ids()).containsExactly(VersionId.NULL, second, first);
        assertThat(fixture.get(ENABLED, "a")).isNull();
    }

    @Test
    void aLockedVersionIsNotRemovedForGood() {
        WriteOptions retained = new WriteOptions(
                3,
                List.of(),
                List.of(),
                Map.of(ObjectLock.MODE, "GOVERNANCE", ObjectLock.UNTIL, "2999-01-01T00:00:00Z"),
                Map.of());
        String id = fixture.put(ENABLED, "a", bytes(1, 3), retained, Conditions.NONE)
                .versionId();
        ObjectKey version = key(ENABLED, "a").at(id);
        assertThatThrownBy(() -> fixture.store().remove(ENABLED, version, MARKING))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
        fixture.store().remove(ENABLED, key(ENABLED, "a"), MARKING);
        assertThat(get(id)).isEqualTo(bytes(1, 3));
        assertThat(fixture.store().remove(ENABLED, version, new RemovalOptions(Conditions.NONE, true, true)))
                .isEqualTo(new Removed(id, false));
    }

    @Test
    void removalOfNothingLeavesAMarkerForThoseWhoWantOne() {
        assertThat(fixture.store().remove(ENABLED, key(ENABLED, "a"), Conditions.NONE))
                .isFalse();
        assertThat(ids()).isEmpty();
        assertThat(fixture.store().remove(ENABLED, key(ENABLED, "a"), MARKING)).isNotNull();
        assertThat(versions())
                .singleElement()
                .satisfies(
                        version -> assertThat(version.record().isDeleteMarker()).isTrue());
    }

    /// What the model knows of a version; null for a marker.
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares two of them.
    private record Known(String id, byte @Nullable [] content) {}

    @Test
    void storeAndModelAgree() {
        for (long seed = 1; seed <= 12; seed++) {
            runRow(seed);
        }
    }

    private void runRow(long seed) {
        Random random = new Random(seed);
        Map<String, List<Known>> model = new TreeMap<>();
        List<String> names = List.of("a" + seed, "a" + seed + "/b", "a" + seed + "\u0000", "b" + seed);
        for (int step = 0; step < 120; step++) {
            String name = names.get(random.nextInt(names.size()));
            List<Known> versions = model.computeIfAbsent(name, any -> new ArrayList<>());
            Bucket bucket = random.nextInt(4) == 0 ? SUSPENDED : ENABLED;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> put(bucket, name, bytes(random.nextLong(), size(random)), versions);
                case 4, 5 -> mark(bucket, name, versions);
                case 6, 7 -> removeVersion(name, versions, random);
                case 8 -> fixture.settle();
                default -> {
                    if (random.nextInt(4) == 0) {
                        fixture.restart();
                    }
                }
            }
            model.forEach((known, expected) -> check("seed " + seed + " " + readable(known), known, expected));
        }
    }

    private static String readable(String name) {
        return name.replace("\u0000", "NUL");
    }

    private static int size(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(20);
            case 1 -> random.nextInt(10_000);
            default -> 20_000 + random.nextInt(50_000);
        };
    }

    private void put(Bucket bucket, String name, byte[] content, List<Known> versions) {
        String id = fixture.put(bucket, name, content).versionId();
        add(new Known(id, content), versions);
    }

    private void mark(Bucket bucket, String name, List<Known> versions) {
        Removed removed = Objects.requireNonNull(fixture.store().remove(bucket, key(bucket, name), MARKING));
        add(new Known(removed.versionId(), null), versions);
    }

    private static void add(Known version, List<Known> versions) {
        if (version.id.equals(VersionId.NULL)) {
            versions.removeIf(known -> known.id.equals(VersionId.NULL));
        }
        versions.addFirst(version);
    }

    private void removeVersion(String name, List<Known> versions, Random random) {
        if (versions.isEmpty()) {
            return;
        }
        Known victim = versions.remove(random.nextInt(versions.size()));
        assertThat(fixture.store().remove(ENABLED, key(ENABLED, name).at(victim.id), MARKING))
                .isEqualTo(new Removed(victim.id, victim.content == null));
    }

    private void check(String what, String name, List<Known> expected) {
        List<VersionScan.Version> found = fixture.store().versions(ENABLED, key(ENABLED, name));
        assertThat(found)
                .as(what)
                .extracting(VersionScan.Version::id)
                .containsExactlyElementsOf(expected.stream().map(Known::id).toList());
        byte[] current = expected.isEmpty() ? null : expected.getFirst().content;
        assertThat(fixture.get(ENABLED, name)).as(what).isEqualTo(current);
        for (int at = 0; at < expected.size(); at++) {
            Known known = expected.get(at);
            assertThat(found.get(at).latest()).as(what).isEqualTo(at == 0);
            assertThat(found.get(at).record().isDeleteMarker()).as(what).isEqualTo(known.content == null);
            boolean isCurrent = at == 0 && known.content != null;
            ObjectKey key = isCurrent ? key(ENABLED, name) : key(ENABLED, name).at(known.id);
            ReadOutcome outcome = fixture.store().read(ENABLED, key, Waiting.ALLOWED, ReadOutcome.Choice.ALL);
            assertThat(outcome)
                    .as(what)
                    .isInstanceOfSatisfying(
                            ReadOutcome.Found.class,
                            read -> assertThat(StoreFixture.content(read.slices()))
                                    .isEqualTo(known.content == null ? new byte[0] : known.content));
        }
    }
}
