package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.IndexMemory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScrubTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final byte[] SMALL = bytes(1, 3000);
    private static final byte[] LARGE = bytes(2, 50_000);
    private static final Completion.Decision ALL_PARTS =
            (upload, parts) -> new Completion(parts, null, List.of(), null, null);

    @TempDir
    private Path folder;

    private StoreFixture fixture;
    private VolumeFiles files;

    @BeforeEach
    void fill() {
        files = new VolumeFiles(folder);
        fixture = StoreFixture.in(folder);
        for (int id = 0; id < 250; id++) {
            fixture.put(BUCKET, "filler-" + id, bytes(100 + id, 10_000));
        }
        fixture.put(BUCKET, "small", SMALL);
        fixture.put(BUCKET, "small-neighbour", bytes(3, 3000));
        fixture.put(BUCKET, "large", LARGE);
        fixture.put(BUCKET, "large-neighbour", bytes(4, 50_000));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aSoundVolumeHasNoDamageAndEveryByteWasRead() {
        scrub();
        assertThat(fixture.store().damaged()).isEmpty();
        ScrubStatus status = fixture.store().scrubStatuses().getFirst();
        assertThat(status.verifiedBytes()).isGreaterThan(250 * 10_000 + 2 * 3000 + 2 * 50_000);
        assertThat(status.finishedMillis()).isPositive();
        assertThat(fixture.metrics.text()).contains("forebay_storage_damaged_objects{");
    }

    @Test
    void damagedBytesOfASmallAndALargeObjectAreFoundAndNotServed() {
        damageBoth();
        assertThat(fixture.get(BUCKET, "small")).isNotEqualTo(SMALL);
        scrub();
        assertThat(fixture.store().damaged())
                .extracting(DamagedObject::name)
                .containsExactlyInAnyOrder("small", "large");
        refusesBoth();
        assertThat(fixture.get(BUCKET, "small-neighbour")).isEqualTo(bytes(3, 3000));
        assertThat(fixture.get(BUCKET, "large-neighbour")).isEqualTo(bytes(4, 50_000));
        assertThat(fixture.record(BUCKET, "small")).isNotNull();
        assertThat(fixture.names(BUCKET)).contains("small", "large");
        assertThat(metric("damaged_objects")).isEqualTo("2.0");
    }

    @Test
    void damageIsRememberedOverARestartAndAChangeOfAttributes() {
        damageBoth();
        scrub();
        fixture.store().updateCustom(BUCKET, key(BUCKET, "small"), Map.of("a", "b"), MapChange.REPLACE);
        fixture.store().updateCustom(BUCKET, key(BUCKET, "large"), Map.of("a", "b"), MapChange.REPLACE);
        refusesBoth();
        fixture.restart();
        refusesBoth();
        assertThat(fixture.store().damaged()).hasSize(2);
    }

    @Test
    void overwritingAndRemovingEndsTheDamage() {
        damageBoth();
        scrub();
        fixture.put(BUCKET, "small", SMALL);
        fixture.store().remove(BUCKET, key(BUCKET, "large"), Conditions.NONE);
        assertThat(metric("damaged_objects")).isEqualTo("0.0");
        assertThat(fixture.store().damaged()).isEmpty();
        assertThat(fixture.get(BUCKET, "small")).isEqualTo(SMALL);
        fixture.put(BUCKET, "large", LARGE);
        assertThat(fixture.get(BUCKET, "large")).isEqualTo(LARGE);
        scrub();
        fixture.restart();
        assertThat(fixture.store().damaged()).isEmpty();
    }

    @Test
    void aMissingAndAShortFileAreFoundByReadersAtOnce() throws IOException {
        List<Path> large = files.large();
        Files.delete(large.getFirst());
        refuses("large");
        try (FileChannel channel = FileChannel.open(large.getLast(), StandardOpenOption.WRITE)) {
            channel.truncate(49_999);
        }
        scrub();
        refuses("large-neighbour");
        assertThat(fixture.store().damaged())
                .extracting(DamagedObject::reason)
                .anyMatch(reason -> reason.contains("missing"))
                .anyMatch(reason -> reason.contains("too short"));
    }

    @Test
    void aDamagedPartStaysDamagedWhenItBecomesAnObject() {
        String id = fixture.store()
                .createUpload(
                        BUCKET, key(BUCKET, "made"), new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
        fixture.putPart(BUCKET, "made", id, 1, bytes(7, 60_000));
        VolumeFiles.flip(files.large().getLast(), 100);
        scrub();
        assertThat(fixture.store().damaged()).extracting(DamagedObject::part).containsExactly(1);
        fixture.store().completeUpload(BUCKET, key(BUCKET, "made"), id, Conditions.NONE, ALL_PARTS);
        refuses("made");
        assertThat(fixture.store().damaged()).extracting(DamagedObject::part).containsExactly(0);
        refuses("made");
    }

    @Test
    void aPassGoesOnWhereItWasAfterARestart() {
        damageBoth();
        fixture.close();
        StoreConfig config = StoreFixture.smallConfig(Map.of());
        Metrics metrics = new Metrics();
        try (IndexMemory memory = new IndexMemory(config.index())) {
            VolumeStore.Opening opening =
                    new VolumeStore.Opening(config, StoreFixture.OWNER, memory, Ticker.SYSTEM, metrics);
            long before;
            try (VolumeStore store = VolumeStore.open(VolumeStore.Place.of(folder), opening)) {
                assertThat(store.scrub().step()).isFalse();
                store.scrub().request();
                assertThat(store.scrub().step()).isTrue();
                assertThat(store.scrub().step()).isTrue();
                before = store.scrub().status().verifiedBytes();
                assertThat(before).isPositive();
            }
            try (VolumeStore store = VolumeStore.open(VolumeStore.Place.of(folder), opening)) {
                assertThat(store.scrub().status().verifiedBytes()).isEqualTo(before);
                int steps = 0;
                while (store.scrub().step()) {
                    steps++;
                }
                assertThat(steps).isBetween(3, 20);
                assertThat(store.damage().list()).hasSize(2);
                assertThat(store.scrub().step()).isFalse();
            }
        }
        fixture = StoreFixture.in(folder);
    }

    @Test
    void closingInTheMiddleOfAnObjectIsNoFailure() {
        fixture.close();
        StoreConfig config = StoreFixture.smallConfig(Map.of("scrub.rate", "1KiB"));
        Metrics metrics = new Metrics();
        try (IndexMemory memory = new IndexMemory(config.index())) {
            VolumeStore.Opening opening =
                    new VolumeStore.Opening(config, StoreFixture.OWNER, memory, Ticker.SYSTEM, metrics);
            Scrub scrub;
            try (VolumeStore store = VolumeStore.open(VolumeStore.Place.of(folder), opening)) {
                scrub = store.scrub();
                scrub.start();
                scrub.request();
                while (metrics.text().lines().noneMatch(ScrubTest::saysThatBytesWereRead)) {
                    Thread.onSpinWait();
                }
            }
            assertThat(scrub.lastFailure()).isNull();
        }
        fixture = StoreFixture.in(folder);
    }

    private static boolean saysThatBytesWereRead(String line) {
        return line.startsWith("forebay_storage_scrubbed_bytes_total") && !line.endsWith(" 0.0");
    }

    private void damageBoth() {
        for (Path segment : files.segments()) {
            long at = VolumeFiles.find(segment, SMALL);
            if (at >= 0) {
                VolumeFiles.flip(segment, at + 1000);
            }
        }
        VolumeFiles.flip(files.large().getFirst(), 30_000);
    }

    private void scrub() {
        fixture.store().scrub("");
        StoreFixture.await(() -> fixture.store().scrubStatuses().stream().noneMatch(ScrubStatus::running));
    }

    private void refusesBoth() {
        refuses("small");
        refuses("large");
    }

    private void refuses(String name) {
        assertThatThrownBy(() -> fixture.get(BUCKET, name)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            assertThat(e.text()).contains(name);
        });
    }

    private String metric(String name) {
        return fixture.metrics
                .text()
                .lines()
                .filter(line -> line.startsWith("forebay_storage_" + name + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }
}
