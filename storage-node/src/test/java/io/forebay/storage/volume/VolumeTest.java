package io.forebay.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeTest {
    @TempDir
    private Path folder;

    @Test
    void aVolumeIsOneProcessesAlone() throws IOException {
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            assertThat(volume.toString()).isNotEmpty();
            refused(ErrorCode.IN_USE, "volume " + folder + " is in use by another process", LogFixture.OWNER);
        }
        open(folder, LogFixture.OWNER).close();
    }

    @Test
    void aVolumeBelongsToItsOwner() throws IOException {
        open(folder, LogFixture.OWNER).close();
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "volume " + folder + " belongs to another cluster (cluster-1, this is cluster-2)",
                new VolumeOwner("cluster-2", new NodeId("node1")));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "volume " + folder + " belongs to another node (node1, this is node2)",
                new VolumeOwner("cluster-1", new NodeId("node2")));
    }

    @Test
    void otherFormatsAndStrangeFoldersAreRefused() throws IOException {
        open(folder, LogFixture.OWNER).close();
        Path file = folder.resolve("volume.properties");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("format=4", "format=5"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "volume " + folder + " has format 5, which is newer than this Forebay knows (4)",
                LogFixture.OWNER);
        Files.writeString(file, text.replace("format=4", "format=0"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                "volume " + folder + " has format 0, which is too old for this Forebay (1)",
                LogFixture.OWNER);
        Files.writeString(file, "format=x");
        refused(ErrorCode.CORRUPT, "identity of volume " + folder, LogFixture.OWNER);
        Files.delete(file);
        refused(ErrorCode.INVALID_ARGUMENT, "folder " + folder + " is neither empty nor a volume", LogFixture.OWNER);
    }

    @Test
    void aVolumeOfTheLastFormatIsTakenOver() throws IOException {
        open(folder, LogFixture.OWNER).close();
        Path file = folder.resolve("volume.properties");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("format=4", "format=3"));
        open(folder, LogFixture.OWNER).close();
        assertThat(file).content().isEqualTo(text);
    }

    @Test
    void largeFilesAreReadWhileTheyAreRemoved() throws IOException {
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            long id;
            try (NewFile file = volume.files().create()) {
                file.append(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
                file.append(ByteBuffer.wrap(new byte[] {5}));
                file.sync();
                id = file.id();
            }
            assertThat(volume.sliceNow(id, 0, 5)).isNull();
            FileSlice slice = Objects.requireNonNull(volume.slice(id, 1, 4));
            FileSlice second = Objects.requireNonNull(volume.sliceNow(id, 0, 1));
            second.close();
            volume.removeFile(id);
            assertThat(volume.slice(id, 0, 5)).isNull();
            ByteBuffer bytes = ByteBuffer.allocateDirect(4);
            slice.read(0, bytes);
            assertThat(bytes.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3, 4, 5}));
            slice.close();
            slice.close();
        }
    }

    @Test
    void filesNobodyOwnsAreSweptAndIdsNeverUsedAgain() throws IOException {
        List<Long> ids = new ArrayList<>();
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            for (int index = 0; index < 3; index++) {
                try (NewFile file = volume.files().create()) {
                    file.append(ByteBuffer.wrap(new byte[] {(byte) index}));
                    ids.add(file.id());
                }
            }
        }
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            long firstNew = volume.ids().next();
            assertThat(firstNew).isGreaterThan(ids.getLast());
            NewFile fresh = volume.files().create();
            assertThat(volume.files().sweep(firstNew, id -> id == ids.get(1))).isEqualTo(2);
            assertThat(volume.files().hasBytes(ids.get(1), 1)).isTrue();
            assertThat(volume.files().hasBytes(ids.get(1), 2)).isFalse();
            assertThat(volume.files().hasBytes(ids.get(0), 0)).isFalse();
            assertThat(volume.files().hasBytes(fresh.id(), 0)).isTrue();
            fresh.discard();
            assertThat(volume.files().hasBytes(fresh.id(), 0)).isFalse();
        }
    }

    @Test
    void openFilesAreBoundedAndReadersKeepTheirs() throws IOException {
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            List<Long> ids = new ArrayList<>();
            for (int index = 0; index < 60; index++) {
                try (NewFile file = volume.files().create()) {
                    file.append(ByteBuffer.wrap(new byte[] {(byte) index}));
                    ids.add(file.id());
                }
            }
            List<FileSlice> slices = new ArrayList<>();
            for (long id : ids) {
                slices.add(Objects.requireNonNull(volume.slice(id, 0, 1)));
            }
            for (int index = 0; index < 60; index++) {
                assertThat(read(slices.get(index))).isEqualTo(index);
            }
            slices.forEach(FileSlice::close);
            for (long id : ids) {
                Objects.requireNonNull(volume.slice(id, 0, 1)).close();
            }
            long open = ids.stream()
                    .map(id -> volume.sliceNow(id, 0, 1))
                    .filter(Objects::nonNull)
                    .peek(FileSlice::close)
                    .count();
            assertThat(open).isBetween(1L, 17L);
        }
    }

    @Test
    void filesAreClosedAlsoWhenTheProcessHasTooManyOpen() throws IOException {
        double share = (Descriptors.taken() + 20.0) / Descriptors.limit();
        VolumeConfig config = LogFixture.config(Map.of(
                "open-files",
                "1000",
                "open-files-share",
                BigDecimal.valueOf(share).toPlainString()));
        try (Volume volume =
                Volume.open(new LocalDisk(folder), config, LogFixture.OWNER, Ticker.SYSTEM, new Metrics())) {
            List<Long> ids = new ArrayList<>();
            for (int index = 0; index < 60; index++) {
                try (NewFile file = volume.files().create()) {
                    file.append(ByteBuffer.wrap(new byte[] {(byte) index}));
                    ids.add(file.id());
                }
            }
            for (long id : ids) {
                Objects.requireNonNull(volume.slice(id, 0, 1)).close();
            }
            long open = ids.stream()
                    .map(id -> volume.sliceNow(id, 0, 1))
                    .filter(Objects::nonNull)
                    .peek(FileSlice::close)
                    .count();
            assertThat(open).isBetween(1L, 20L);
        }
    }

    /// A thread that is interrupted in a read closes the channel under everyone else: they get another one.
    @Test
    void anInterruptedReaderHarmsNobodyElse() throws Exception {
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            long id;
            try (NewFile file = volume.files().create()) {
                file.append(ByteBuffer.wrap(new byte[] {7}));
                id = file.id();
            }
            AtomicBoolean failed = new AtomicBoolean();
            Thread reader = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                try (FileSlice slice = Objects.requireNonNull(volume.slice(id, 0, 1))) {
                    read(slice);
                } catch (StoreException e) {
                    failed.set(true);
                }
            });
            reader.join();
            assertThat(failed).isTrue();
            try (FileSlice slice = Objects.requireNonNull(volume.slice(id, 0, 1))) {
                assertThat(read(slice)).isEqualTo(7);
            }
        }
    }

    @Test
    void readsThatWouldWaitSaySo() throws IOException {
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            long id;
            try (NewFile file = volume.files().create()) {
                file.append(ByteBuffer.wrap(new byte[10_000]));
                id = file.id();
            }
            try (FileSlice slice = Objects.requireNonNull(volume.slice(id, 0, 10_000))) {
                ByteBuffer target = ByteBuffer.allocateDirect(10_000);
                assertThat(slice.readNow(0, target)).isTrue();
                assertThat(target.hasRemaining()).isFalse();
                // Beyond the end of the file, and into memory that the kernel cannot reach.
                assertThat(slice.readNow(5_000, target.clear())).isFalse();
                assertThat(target.position()).isZero();
                assertThat(slice.readNow(0, ByteBuffer.allocate(10))).isFalse();
            }
        }
    }

    @Test
    void belowTheReserveWritesAreRefused() throws IOException {
        VolumeConfig config = LogFixture.config(Map.of("reserve", "100%", "reserve-limit", "1000TiB"));
        try (Volume volume =
                Volume.open(new LocalDisk(folder), config, LogFixture.OWNER, Ticker.SYSTEM, new Metrics())) {
            assertThat(volume.space().availableBytes()).isZero();
            assertThatThrownBy(() -> volume.space().admit(1))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
        }
    }

    @Test
    void theFirstWritersFindTheSpaceMeasured() throws IOException {
        try (Volume volume = open(folder, LogFixture.OWNER)) {
            assertThat(volume.space().availableBytes()).isPositive();
            volume.space().admit(1000);
        }
    }

    private static int read(FileSlice slice) {
        ByteBuffer target = ByteBuffer.allocateDirect(1);
        slice.read(0, target);
        return target.get(0);
    }

    private static Volume open(Path folder, VolumeOwner owner) throws IOException {
        return Volume.open(new LocalDisk(folder), LogFixture.CONFIG, owner, Ticker.SYSTEM, new Metrics());
    }

    private void refused(ErrorCode code, String text, VolumeOwner owner) {
        assertThatThrownBy(() -> open(folder, owner)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.text()).startsWith(text);
        });
    }
}
