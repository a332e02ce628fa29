package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder that holds everything of one process: marked with its format, and locked while it is open.
final class DataFolder implements AutoCloseable {
    /// Of the layout that this version reads and writes.
    static final int FORMAT = 1;

    private static final String MARK = "forebay data format ";
    private static final Set<String> FOREIGN_BUT_HARMLESS = Set.of("lost+found", "lock", "forebay.log", ".DS_Store");

    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /// Opens a folder, making it when it is absent or empty. Throws IN_USE when another process has it, and
    /// INVALID_ARGUMENT when it holds something else, or data of another version.
    static DataFolder open(Path path) {
        Path folder = path.toAbsolutePath().normalize();
        try {
            createDurably(folder);
            checkContent(folder);
            FileChannel lock = lock(folder);
            try {
                writeMark(folder);
                return new DataFolder(folder, lock);
            } catch (IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "cannot use data folder " + folder + ": " + why(e), e);
        }
    }

    Path path() {
        return path;
    }

    /// The path of something inside.
    Path file(String name) {
        return path.resolve(name);
    }

    /// Replaces a small file as a whole, readable by its owner only.
    void writePrivately(String name, String content) {
        Path fresh = path.resolve(name + ".new");
        try {
            Files.deleteIfExists(fresh);
            createPrivately(fresh);
            writeDurably(fresh, content, path.resolve(name));
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot write " + path.resolve(name) + ": " + why(e), e);
        }
    }

    /// The content of a small file, or null when there is none.
    @Nullable
    String read(String name) {
        Path file = path.resolve(name);
        try {
            return Files.exists(file) ? Files.readString(file) : null;
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot read " + file + ": " + why(e), e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot unlock " + path + ": " + why(e), e);
        }
    }

    private static void checkContent(Path folder) throws IOException {
        Path mark = folder.resolve("format");
        if (!Files.exists(mark)) {
            if (holdsAnything(folder)) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "data folder " + folder + " is not empty and holds no Forebay data");
            }
            return;
        }
        String text = Files.readString(mark).strip();
        if (text.equals(MARK + FORMAT)) {
            return;
        }
        if (!text.startsWith(MARK)) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "data folder " + folder + " is not Forebay's: see its file format");
        }
        String found = text.substring(MARK.length());
        boolean newer = found.matches("\\d{1,9}") && Integer.parseInt(found) > FORMAT;
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "data folder " + folder + " has data format " + found + (newer ? " of a newer Forebay" : "")
                        + ": this one reads format " + FORMAT);
    }

    private static boolean holdsAnything(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!FOREIGN_BUT_HARMLESS.contains(String.valueOf(entry.getFileName()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void writeMark(Path folder) throws IOException {
        Path mark = folder.resolve("format");
        if (!Files.exists(mark)) {
            Path fresh = folder.resolve("format.new");
            Files.write(fresh, new byte[0]);
            writeDurably(fresh, MARK + FORMAT + "\n", mark);
        }
    }

    /// Writes an empty file and gives it its name, whole or not at all, also after a power cut.
    private static void writeDurably(Path fresh, String content, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(target.getParent());
    }

    /// Makes a folder with those above it, so that a power cut leaves none of them out.
    private static void createDurably(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            createDurably(parent);
        }
        Files.createDirectories(folder);
        syncFolder(parent);
    }

    private static void syncFolder(@Nullable Path folder) throws IOException {
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            String holder = Files.readString(file).strip();
            throw new StoreException(
                    ErrorCode.IN_USE,
                    "data folder " + folder + " is in use by "
                            + (holder.isEmpty() ? "another process" : "process " + holder));
        }
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"));
        return channel;
    }

    private static void createPrivately(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private static String why(IOException failure) {
        return switch (failure) {
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.file.FileAlreadyExistsException exists -> "it is not a folder";
            case java.nio.file.NoSuchFileException absent -> "no such folder";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
