package io.forebay.storage.volume;

import io.forebay.common.time.SparseWarnings;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// A disk whose failures are counted and, one of each kind every ten seconds, logged. A file that is not there
/// and one that was closed are none; that the process may open no more files is counted, and is no failure of
/// the disk.
public final class WatchedDisk implements Disk {
    private static final String PROBE = "probe";
    private static final int PROBE_BYTES = 4096;

    private static final System.Logger LOG = System.getLogger(WatchedDisk.class.getName());

    private final Disk disk;
    private final Ticker ticker;
    private final LongAdder readErrors = new LongAdder();
    private final LongAdder writeErrors = new LongAdder();
    private final LongAdder fullErrors = new LongAdder();
    private final LongAdder limitErrors = new LongAdder();
    private final SparseWarnings<Kind> warnings = new SparseWarnings<>(Kind.class);
    private volatile String lastError = "";

    public WatchedDisk(Disk disk, Ticker ticker) {
        this.disk = disk;
        this.ticker = ticker;
    }

    /// What a disk fails at.
    private enum Kind {
        READ,
        WRITE,
        /// There is no space, or a quota is used up.
        FULL,
        /// The process, or the machine, has as many files open as it may.
        LIMIT
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

    /// How often the disk was full.
    public long fullErrors() {
        return fullErrors.sum();
    }

    /// How often a file could not be opened because too many were open.
    public long limitErrors() {
        return limitErrors.sum();
    }

    /// The last failure's words, those of a full disk and of too many open files excepted.
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
        return new WatchedFile(path, watched(Kind.WRITE, "create", path, () -> disk.create(path)));
    }

    @Override
    public DiskFile open(String path, Access access) throws IOException {
        return new WatchedFile(path, watched(Kind.READ, "open", path, () -> disk.open(path, access)));
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return watched(Kind.READ, "list", folder, () -> disk.list(folder));
    }

    @Override
    public void createFolder(String path) throws IOException {
        watched(Kind.WRITE, "create folder", path, () -> {
            disk.createFolder(path);
            return path;
        });
    }

    @Override
    public void rename(String from, String to) throws IOException {
        watched(Kind.WRITE, "rename", from, () -> {
            disk.rename(from, to);
            return to;
        });
    }

    @Override
    public boolean remove(String path) throws IOException {
        return watched(Kind.WRITE, "remove", path, () -> disk.remove(path));
    }

    @Override
    public void syncFolder(String path) throws IOException {
        watched(Kind.WRITE, "sync folder", path, () -> {
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

    private <T> T watched(Kind kind, String verb, String path, Operation<T> operation) throws IOException {
        try {
            return operation.run();
        } catch (IOException e) {
            note(kind, verb, path, e);
            throw e;
        }
    }

    private void note(Kind kind, String verb, String path, IOException failure) {
        switch (failure) {
            case NoSuchFileException absent -> {}
            case FileAlreadyExistsException present -> {}
            case ClosedChannelException closed -> {}
            default -> {
                boolean named = failure instanceof FileSystemException e && e.getReason() != null;
                String reason = named ? ((FileSystemException) failure).getReason() : failure.getMessage();
                count(kind, "cannot " + verb + " " + path + ": " + reason);
            }
        }
    }

    private void count(Kind kind, String text) {
        Kind actual = VolumeFailure.isFull(text) ? Kind.FULL : VolumeFailure.isLimit(text) ? Kind.LIMIT : kind;
        switch (actual) {
            case READ -> readErrors.increment();
            case WRITE -> writeErrors.increment();
            case FULL -> fullErrors.increment();
            case LIMIT -> limitErrors.increment();
        }
        if (actual == Kind.READ || actual == Kind.WRITE) {
            lastError = text;
        }
        if (warnings.isDue(actual, ticker.nanos())) {
            String what = actual == Kind.LIMIT
                    ? "too many files are open for volume {0}: {1}"
                    : "the disk of volume {0} fails: {1}";
            LOG.log(System.Logger.Level.WARNING, what, disk, text);
        }
    }

    /// A file of the disk.
    private final class WatchedFile implements DiskFile {
        private final String path;
        private final DiskFile file;

        WatchedFile(String path, DiskFile file) {
            this.path = path;
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
                note(Kind.WRITE, "write", path, e);
                throw e;
            }
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            try {
                file.read(position, target);
            } catch (IOException e) {
                note(Kind.READ, "read", path, e);
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
                note(Kind.WRITE, "sync", path, e);
                throw e;
            }
        }

        @Override
        public long size() throws IOException {
            return watched(Kind.READ, "ask the size of", path, file::size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
