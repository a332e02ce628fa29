package io.forebay.system.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The disks of one server: one with its data folder, which has its first volume, and one for each further volume.
///
/// The further disks are mounted inside the data folder, whose list of volumes names what is inside by a relative
/// path: so a copy of all disks, mounted elsewhere, is a whole server.
final class Disks implements AutoCloseable {
    private static final long DATA_BYTES = 96L << 20;
    private static final long VOLUME_BYTES = 64L << 20;
    private static final int COPIES = 200;

    private final List<DiskImage> images = new ArrayList<>();

    /// Disks that are neither made nor mounted.
    ///
    /// @param volumes of the server, 1 or more
    Disks(Path folder, String name, int volumes) throws IOException {
        Path mountPoint = folder.resolve(name);
        images.add(new DiskImage(folder.resolve(name + ".img"), mountPoint, DATA_BYTES));
        for (int number = 2; number <= volumes; number++) {
            Path image = folder.resolve(name + "-" + number + ".img");
            images.add(new DiskImage(image, data(mountPoint).resolve("disk-" + number), VOLUME_BYTES));
        }
    }

    /// The folder of the server's data, once mounted.
    Path data() {
        return data(images.getFirst().mountPoint());
    }

    /// The folders of the further volumes.
    List<Path> furtherVolumes() {
        return images.stream()
                .skip(1)
                .map(image -> image.mountPoint().resolve("volume"))
                .toList();
    }

    /// Makes empty file systems.
    void format() {
        images.forEach(DiskImage::format);
    }

    /// Mounts the disk of the data folder alone: the others have no place before there is a data folder.
    void mountFirst() throws IOException {
        images.getFirst().mount();
    }

    /// Mounts the disks that `mountFirst` leaves.
    void mountFurther() throws IOException {
        for (DiskImage image : images.subList(1, images.size())) {
            image.mount();
        }
    }

    void mount() throws IOException {
        mountFirst();
        mountFurther();
    }

    /// Unmounts what is mounted.
    void unmount() {
        images.reversed().forEach(DiskImage::unmount);
    }

    /// Copies all to disks that are not mounted, as one cut of their power would leave them; returns how many copies
    /// it took to get one that a cut may leave.
    int copyTo(Disks target) throws IOException {
        for (int copies = 1; copies <= COPIES; copies++) {
            List<Long> flushes = flushes();
            for (int index = 0; index < images.size(); index++) {
                images.get(index).copyTo(target.images.get(index));
            }
            if (flushes.equals(flushes())) {
                return copies;
            }
        }
        throw new IllegalStateException("the kernel does not stop flushing " + images.getFirst());
    }

    @Override
    public void close() {
        unmount();
    }

    private List<Long> flushes() throws IOException {
        List<Long> flushes = new ArrayList<>();
        for (DiskImage image : images) {
            flushes.add(image.flushes());
        }
        return flushes;
    }

    private static Path data(Path mountPoint) {
        return mountPoint.resolve("data");
    }

    /// Where disks are kept best: in memory, if there is such a place.
    static Path scratch(String given, String otherwise) throws IOException {
        Path memory = Path.of("/dev/shm");
        Path folder = !given.isEmpty() ? Path.of(given) : Files.isWritable(memory) ? memory : Path.of(otherwise);
        Files.createDirectories(folder);
        return Files.createTempDirectory(folder, "power-cut");
    }
}
