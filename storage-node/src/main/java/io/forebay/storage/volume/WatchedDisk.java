package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// A disk whose failures are counted. A full disk, a file that is not there and a file that was closed are none.
public final class WatchedDisk implements Disk {
    private static final String PROBE = "probe";
    private static final int PROBE_BYTES = 4096;

    private final Disk disk;
    private final LongAdder readErrors = new LongAdder();
    private final LongAdder writeErrors = new LongAdder();
    private volatile String lastError = "";

    public WatchedDisk(Disk disk) {
        this.disk = disk;
    }

    /// What an operation does that may fail.
    @FunctionalInterface
    private interface Operation<T> {
        T run() throws IOException;
    }

    /// How often reading, opening or listing failed.
    public long readErrors() {
        return readErrors.sum();
    }

    /// How often writing, syncing or changing a folder failed.
    public long writeErrors() {
        return writeErrors.sum();
    }

    /// The last failure's words.
    public String lastError() {
        return lastError;
    }

    /// Writes, syncs, reads and removes a small file. Throws what the disk throws.
    public void probe() throws IOException {
        remove(PROBE);
        ByteBuffer written = ByteBuffer.allocateDirect(PROBE_BYTES);
        for (int at = 0; at < PROBE_BYTES; at++) {
            written.put(at, (byte) (at * 31));
        }
        try (DiskFile file = create(PROBE)) {
            file.write(0, new ByteBuffer[] {written.duplicate()});
            file.sync();
            ByteBuffer read = ByteBuffer.allocateDirect(PROBE_BYTES);
            file.read(0, read);
            if (!read.flip().equals(written)) {
                throw new IOException("what was written is not what is read");
            }
        } finally {
            remove(PROBE);
        }
    }

    @Override
    public DiskFile create(String path) throws IOException {
        return new WatchedFile(watched(writeErrors, () -> disk.create(path)));
    }

    @Override
    public DiskFile open(String path, Access access) throws IOException {
        return new WatchedFile(watched(readErrors, () -> disk.open(path, access)));
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return watched(readErrors, () -> disk.list(folder));
    }

    @Override
    public void createFolder(String path) throws IOException {
        watched(writeErrors, () -> {
            disk.createFolder(path);
            return path;
        });
    }

    @Override
    public void rename(String from, String to) throws IOException {
        watched(writeErrors, () -> {
            disk.rename(from, to);
            return to;
        });
    }

    @Override
    public boolean remove(String path) throws IOException {
        return watched(writeErrors, () -> disk.remove(path));
    }

    @Override
    public void syncFolder(String path) throws IOException {
        watched(writeErrors, () -> {
            disk.syncFolder(path);
            return path;
        });
    }

    @Override
    public boolean lock(String path) throws IOException {
        return disk.lock(path);
    }

    @Override
    public long totalBytes() throws IOException {
        return disk.totalBytes();
    }

    @Override
    public long freeBytes() throws IOException {
        return disk.freeBytes();
    }

    @Override
    public String toString() {
        return disk.toString();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }

    private <T> T watched(LongAdder errors, Operation<T> operation) throws IOException {
        try {
            return operation.run();
        } catch (IOException e) {
            note(errors, e);
            throw e;
        }
    }

    private void note(LongAdder errors, IOException failure) {
        switch (failure) {
            case NoSuchFileException absent -> {}
            case FileAlreadyExistsException present -> {}
            case ClosedChannelException closed -> {}
            default -> {
                String text = String.valueOf(failure.getMessage());
                if (failure instanceof FileSystemException named && named.getReason() != null) {
                    text = named.getFile() + ": " + named.getReason();
                }
                String lower = text.toLowerCase(Locale.ROOT);
                if (!lower.contains("no space left") && !lower.contains("quota exceeded")) {
                    lastError = text;
                    errors.increment();
                }
            }
        }
    }

    /// A file of the disk.
    private final class WatchedFile implements DiskFile {
        private final DiskFile file;

        WatchedFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public FileChannel channel() {
            return file.channel();
        }

        @Override
        public void write(long position, ByteBuffer[] buffers) throws IOException {
            try {
                file.write(position, buffers);
            } catch (IOException e) {
                note(writeErrors, e);
                throw e;
            }
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            try {
                file.read(position, target);
            } catch (IOException e) {
                note(readErrors, e);
                throw e;
            }
        }

        @Override
        public boolean readNow(long position, ByteBuffer target) {
            return file.readNow(position, target);
        }

        @Override
        public void sync() throws IOException {
            try {
                file.sync();
            } catch (IOException e) {
                note(writeErrors, e);
                throw e;
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
