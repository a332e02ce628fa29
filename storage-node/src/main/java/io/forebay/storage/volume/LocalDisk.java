package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A folder of the operating system.
public final class LocalDisk implements Disk {
    private final Path root;
    private final String prefix;
    private @Nullable FileChannel lockChannel;

    /// The folder is made when it is not there, on stable storage too.
    public LocalDisk(Path root) throws IOException {
        this.root = root;
        this.prefix = root + "/";
        Path existing = root.toAbsolutePath();
        List<Path> made = new ArrayList<>();
        while (existing != null && !Files.exists(existing)) {
            made.add(existing);
            existing = existing.getParent();
        }
        Files.createDirectories(root);
        for (Path folder : made.reversed()) {
            Path parent = folder.getParent();
            if (parent != null) {
                syncFolder(parent);
            }
        }
    }

    @Override
    public DiskFile create(String path) throws IOException {
        return new LocalFile(FileChannel.open(
                root.resolve(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile open(String path, Access access) throws IOException {
        if (access == Access.WRITE) {
            return new LocalFile(
                    FileChannel.open(root.resolve(path), StandardOpenOption.READ, StandardOpenOption.WRITE));
        }
        LocalReadFile opened = LocalReadFile.open(prefix + path);
        // What cannot be opened is tried the other way, which says why.
        return opened != null ? opened : new LocalFile(FileChannel.open(root.resolve(path), StandardOpenOption.READ));
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    @Override
    public List<String> list(String folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return names;
    }

    @Override
    public void createFolder(String path) throws IOException {
        Files.createDirectories(root.resolve(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                root.resolve(from),
                root.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public boolean remove(String path) throws IOException {
        return Files.deleteIfExists(root.resolve(path));
    }

    @Override
    public void syncFolder(String path) throws IOException {
        syncFolder(root.resolve(path));
    }

    @Override
    public synchronized boolean lock(String path) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve(path), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another volume object of this very process has it.
            lock = null;
        }
        if (lock == null) {
            channel.close();
            return false;
        }
        lockChannel = channel;
        return true;
    }

    @Override
    public long totalBytes() throws IOException {
        return store().getTotalSpace();
    }

    @Override
    public long freeBytes() throws IOException {
        return store().getUsableSpace();
    }

    @Override
    public String toString() {
        return root.toString();
    }

    @Override
    public synchronized void close() throws IOException {
        if (lockChannel != null) {
            lockChannel.close();
            lockChannel = null;
        }
    }

    private static void syncFolder(Path path) throws IOException {
        try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private FileStore store() throws IOException {
        return Files.getFileStore(root);
    }
}
