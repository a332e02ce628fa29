package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Durability;
import io.forebay.common.model.VersionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Removals of many objects that are made together.
final class JointRemovalTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final RemovalOptions MARKING = new RemovalOptions(Conditions.NONE, true, false);

    @TempDir
    private Path folder;

    private static ObjectRemoval removal(Bucket bucket, String name) {
        return new ObjectRemoval(key(bucket, name), MARKING);
    }

    private static @Nullable ErrorCode code(RemovalOutcome outcome) {
        StoreException failure = outcome.failure();
        return failure == null ? null : failure.code();
    }

    private static long groups(StoreFixture fixture) {
        return fixture.metrics
                .text()
                .lines()
                .filter(line -> line.startsWith("forebay_storage_commit_groups_total{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aVolumeCommitsThemInOneGroup() {
        try (StoreFixture fixture = StoreFixture.stepped(folder, Map.of())) {
            List<ObjectRemoval> removals = new ArrayList<>();
            for (int index = 0; index < 1000; index++) {
                fixture.put(BUCKET, "n" + index, bytes(index, 20));
                removals.add(removal(BUCKET, "n" + index));
            }
            long before = groups(fixture);
            assertThat(fixture.store().removeAll(BUCKET, removals))
                    .hasSize(1000)
                    .allMatch(outcome -> Removed.OBJECT.equals(outcome.removed()));
            assertThat(groups(fixture) - before).isEqualTo(1);
            fixture.restart();
            fixture.settle();
            assertThat(IntStream.range(0, 1000)).allMatch(index -> fixture.get(BUCKET, "n" + index) == null);
        }
    }

    @Test
    void eachHasAnOutcomeOfItsOwn() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            fixture.put(BUCKET, "a", bytes(1, 20));
            fixture.put(BUCKET, "b", bytes(2, 50_000));
            fixture.put(BUCKET, "c", bytes(3, 20));
            RemovalOptions other = new RemovalOptions(Conditions.matching(List.of("other")), true, false);
            List<RemovalOutcome> outcomes = fixture.store()
                    .removeAll(
                            BUCKET,
                            List.of(
                                    removal(BUCKET, "a"),
                                    removal(BUCKET, "none"),
                                    new ObjectRemoval(key(BUCKET, "c"), other),
                                    removal(BUCKET, "b"),
                                    removal(BUCKET, "a")));
            assertThat(outcomes)
                    .extracting(RemovalOutcome::removed)
                    .containsExactly(Removed.OBJECT, null, null, Removed.OBJECT, null);
            assertThat(outcomes)
                    .extracting(JointRemovalTest::code)
                    .containsExactly(null, null, ErrorCode.PRECONDITION_FAILED, null, null);
            assertThat(fixture.get(BUCKET, "a")).isNull();
            assertThat(fixture.get(BUCKET, "b")).isNull();
            assertThat(fixture.get(BUCKET, "c")).isEqualTo(bytes(3, 20));
        }
    }

    @Test
    void versionsAndMarkersOfOneObjectGoOneAfterTheOther() {
        Bucket versioned = new Bucket(
                BucketName.of("bucket"),
                1,
                0,
                new TreeMap<>(Map.of(Bucket.DURABILITY, "group", Bucket.VERSIONING, "Enabled")),
                false);
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            String first = fixture.put(versioned, "a", bytes(1, 20)).versionId();
            String second = fixture.put(versioned, "a", bytes(2, 20)).versionId();
            List<RemovalOutcome> outcomes = fixture.store()
                    .removeAll(
                            versioned,
                            List.of(
                                    removal(versioned, "a"),
                                    new ObjectRemoval(key(versioned, "a").at(second), MARKING),
                                    new ObjectRemoval(key(versioned, "a").at(VersionId.NULL), MARKING),
                                    removal(versioned, "none")));
            Removed marker = Objects.requireNonNull(outcomes.getFirst().removed());
            assertThat(marker.marker()).isTrue();
            assertThat(outcomes.get(1).removed()).isEqualTo(new Removed(second, false));
            assertThat(outcomes.get(2)).isEqualTo(new RemovalOutcome(null, null));
            assertThat(outcomes.get(3).removed())
                    .as("absence is marked, too")
                    .extracting(removed -> Objects.requireNonNull(removed).marker())
                    .isEqualTo(true);
            assertThat(fixture.store().versions(versioned, key(versioned, "a")))
                    .extracting(VersionScan.Version::id)
                    .containsExactly(marker.versionId(), first);
        }
    }

    @Test
    void whatOtherNodesHoldIsLeftAsItWas() {
        List<StoreFixture> others = new ArrayList<>();
        Holders holders =
                new Holders(() -> others.stream().map(StoreFixture::store).toList());
        try (StoreFixture other = StoreFixture.in(folder.resolve("other"));
                StoreFixture fixture = StoreFixture.among(folder.resolve("node"), holders)) {
            others.add(other);
            fixture.put(BUCKET, "a", bytes(1, 20));
            List<RemovalOutcome> outcomes =
                    fixture.store().removeAll(BUCKET, List.of(removal(BUCKET, "a"), removal(BUCKET, "none")));
            assertThat(outcomes)
                    .extracting(JointRemovalTest::code)
                    .containsExactly(ErrorCode.STALE_MAP, ErrorCode.STALE_MAP);
            assertThat(fixture.get(BUCKET, "a")).isEqualTo(bytes(1, 20));
        }
    }

    @Test
    void theyMeetOtherChangesOfTheSameKeysInWhateverOrder() throws Exception {
        List<String> names =
                IntStream.range(0, 40).mapToObj(index -> "n" + index).toList();
        try (StoreFixture fixture = StoreFixture.in(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                Random random = new Random(worker);
                boolean writes = worker % 2 == 0;
                work.add(threads.submit(() -> {
                    for (int round = 0; round < 30; round++) {
                        if (writes) {
                            String name = names.get(random.nextInt(names.size()));
                            fixture.put(BUCKET, name, bytes(round, 20));
                        } else {
                            List<ObjectRemoval> removals = new ArrayList<>();
                            for (int count = 0; count < 20; count++) {
                                removals.add(removal(BUCKET, names.get(random.nextInt(names.size()))));
                            }
                            assertThat(fixture.store().removeAll(BUCKET, removals))
                                    .allMatch(outcome -> outcome.failure() == null);
                        }
                    }
                }));
            }
            for (Future<?> each : work) {
                each.get();
            }
            fixture.store()
                    .removeAll(
                            BUCKET,
                            names.stream().map(name -> removal(BUCKET, name)).toList());
            assertThat(names).allMatch(name -> fixture.get(BUCKET, name) == null);
        }
    }
}
