package io.forebay.system.crash;

import io.forebay.common.error.Check;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A disk in a file: an ext4 file system that is mounted through a loop device, and may be copied while it is in use,
/// as a power cut would leave it.
final class DiskImage implements AutoCloseable {
    /*
     * A disk may lose, at a cut, whatever it was given since its last finished flush, and nothing else. A copy takes
     * time, and the kernel goes on writing: what it reads early is older than what it reads late. That is a state
     * which a cut may leave as long as no flush ends meanwhile, for then all that the copy mixes was given since the
     * last one. So a copy during which a flush ended is taken again.
     */
    private static final long CHUNK = 1 << 16;
    private static final long PATIENCE_SECONDS = 20;
    private static final int FLUSHES_COMPLETED = 15;

    private final Path file;
    private final Path mountPoint;
    private final long bytes;
    private String device = "";

    /// A disk that is neither made nor mounted.
    DiskImage(Path file, Path mountPoint, long bytes) throws IOException {
        this.file = file;
        this.mountPoint = mountPoint;
        this.bytes = bytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), bytes - 1);
        }
    }

    /// Where its files are, once mounted.
    Path mountPoint() {
        return mountPoint;
    }

    /// Makes an empty file system, whose journal is small so that it is written over often.
    void format() {
        // Everything is written now, so that the kernel writes nothing of its own later.
        run(List.of(
                "mkfs.ext4",
                "-q",
                "-F",
                "-m",
                "0",
                "-J",
                "size=4",
                "-E",
                "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
                file.toString()));
    }

    /// Mounts it, which replays its journal.
    void mount() throws IOException {
        Files.createDirectories(mountPoint);
        run(List.of("mount", "-t", "ext4", "-o", "loop", file.toString(), mountPoint.toString()));
        device = run(List.of("findmnt", "-n", "-o", "SOURCE", "--mountpoint", mountPoint.toString()))
                .strip();
    }

    /// Unmounts it. A process that is being started may hold files of this one for a moment, until it is itself; what
    /// holds one for longer has forgotten to close it, which is a failure.
    void unmount() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!device.isEmpty()) {
            try {
                run(List.of("umount", mountPoint.toString()));
                device = "";
            } catch (IllegalStateException busy) {
                if (System.nanoTime() > deadline) {
                    throw busy;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /// Copies it to one that is not mounted: as a cut may leave it if no flush has ended meanwhile.
    void copyTo(DiskImage target) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target.file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment source = from.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            MemorySegment copy = to.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            copyChanges(source, copy);
        }
    }

    /// How many flushes the device has finished.
    long flushes() throws IOException {
        Path stat = Path.of("/sys/block", Path.of(device).getFileName().toString(), "stat");
        String[] fields = Files.readString(stat).strip().split("\\s+", -1);
        Check.that(fields.length > FLUSHES_COMPLETED, "this kernel does not count the flushes of %s", device);
        return Long.parseLong(fields[FLUSHES_COMPLETED]);
    }

    @Override
    public String toString() {
        return device + " at " + mountPoint;
    }

    @Override
    public void close() {
        unmount();
    }

    private void copyChanges(MemorySegment source, MemorySegment copy) {
        for (long at = 0; at < bytes; at += CHUNK) {
            long length = Math.min(CHUNK, bytes - at);
            if (MemorySegment.mismatch(source, at, at + length, copy, at, at + length) >= 0) {
                MemorySegment.copy(source, at, copy, at, length);
            }
        }
    }

    /// What a command says. Throws IllegalStateException with its words when it fails.
    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Check.that(process.waitFor() == 0, "%s: %s", String.join(" ", command), output.strip());
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command.getFirst() + " does not run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
