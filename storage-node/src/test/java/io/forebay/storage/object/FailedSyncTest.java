package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.storage.volume.CapturedLog;
import io.forebay.storage.volume.FaultyDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// After a failed sync in the background nobody knows what is on the disk, and another one may succeed without
/// having written anything: the volume takes no more writes, even when the disk works again.
final class FailedSyncTest {
    private static final Bucket UNSYNCED = StoreFixture.bucket(3, Durability.NONE);
    private static final Bucket SYNCED = StoreFixture.bucket(4, Durability.GROUP);
    private static final byte[] SMALL = bytes(1, 300);
    private static final byte[] LARGE = bytes(2, 60_000);

    @TempDir
    private Path folder;

    private final AtomicReference<FaultyDisk> disk = new AtomicReference<>();

    @ParameterizedTest
    @ValueSource(strings = {"files/", "segments/"})
    void volumeTakesNoMoreWrites(String failing) {
        try (CapturedLog log = new CapturedLog();
                VolumesFixture node = open()) {
            write(node);
            disk.get()
                    .fail(
                            "Input/output error",
                            (operation, path) -> operation.equals("sync") && path.startsWith(failing));
            Upkeep upkeep = node.store().volumes().all().getFirst().upkeep();
            assertThatThrownBy(upkeep::round)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Input/output error");
            disk.get().heal();
            refused(() -> node.put(UNSYNCED, "later", SMALL));
            refused(() -> node.put(SYNCED, "later", SMALL));
            refused(() -> node.put(SYNCED, "later", LARGE));
            refused(() -> node.remove(UNSYNCED, "small"));
            // Nor does it go on in the background as if nothing had happened.
            upkeep.round();
            refused(() -> node.put(UNSYNCED, "later", SMALL));
            assertThat(node.get(UNSYNCED, "small")).isEqualTo(SMALL);
            assertThat(node.get(UNSYNCED, "large")).isEqualTo(LARGE);
            node.store().checkHealth();
            assertThat(node.statuses().getFirst().state()).isEqualTo(VolumeStatus.State.FAILED);
            assertThat(node.metrics.text()).containsPattern("storage_volume_failed\\{.*\\} 1");
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("SEVERE") && line.contains("has failed and goes out of service"));
        }
    }

    @Test
    void failedSyncAtAStopIsTold() {
        VolumesFixture node = open();
        try (CapturedLog log = new CapturedLog()) {
            write(node);
            disk.get().fail("Input/output error", (operation, path) -> operation.equals("sync"));
            refused(node::close);
            assertThat(log.lines()).anyMatch(line -> line.contains("cannot sync"));
        }
    }

    private VolumesFixture open() {
        VolumesFixture node = new VolumesFixture(
                folder.resolve("volumes.properties"),
                List.of(folder.resolve("v1").toString()),
                StoreOpening.Background.CALLER,
                this::place);
        node.open();
        return node;
    }

    private VolumeStore.Place place(Path path) {
        VolumeStore.Place sound = VolumeStore.Place.of(path);
        disk.set(new FaultyDisk(sound.disk()));
        return new VolumeStore.Place(disk.get(), sound.index());
    }

    private static void write(VolumesFixture node) {
        node.put(UNSYNCED, "small", SMALL);
        node.put(UNSYNCED, "large", LARGE);
    }

    private static void refused(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VOLUME_FAILED));
    }
}
