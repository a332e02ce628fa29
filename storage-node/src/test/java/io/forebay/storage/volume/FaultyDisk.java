package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;

/// A disk that fails where it is told to.
public final class FaultyDisk implements Disk {
    private final Disk disk;
    /// Operation and path to whether it fails; the message says how.
    private final AtomicReference<Fault> fault = new AtomicReference<>(new Fault("", (operation, path) -> false));

    public FaultyDisk(Disk disk) {
        this.disk = disk;
    }

    private static final Set<String> CHANGES =
            Set.of("create", "write", "sync", "syncFolder", "rename", "remove", "createFolder");

    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private volatile boolean shortWrites;

    private record Fault(String message, BiPredicate<String, String> where) {}

    /// From now on operations (`create`, `open`, `write`, `read`, `sync`, `syncFolder`, …) on paths that the
    /// predicate takes fail with that message.
    public void fail(String message, BiPredicate<String, String> where) {
        fault.set(new Fault(message, where));
    }

    /// From now on the n-th change of the disk (counted from 1) fails with that message, and with `forever` every
    /// one after it. A write that fails has written the first half of its bytes: what a short write leaves.
    public void failChange(int number, boolean forever, String message) {
        changes.set(0);
        shortWrites = true;
        fail(message, (operation, path) -> {
            if (!CHANGES.contains(operation)) {
                return false;
            }
            int count = changes.incrementAndGet();
            boolean hit = forever ? count >= number : count == number;
            faults.addAndGet(hit ? 1 : 0);
            return hit;
        });
    }

    /// How many changes have failed since `failChange`.
    public int takeFaults() {
        return faults.getAndSet(0);
    }

    public void heal() {
        shortWrites = false;
        fail("", (operation, path) -> false);
    }

    private void check(String operation, String path) throws IOException {
        Fault now = fault.get();
        if (now.where.test(operation, path)) {
            throw new IOException(now.message);
        }
    }

    @Override
    public DiskFile create(String path) throws IOException {
        check("create", path);
        return new FaultyFile(path, disk.create(path));
    }

    @Override
    public DiskFile open(String path, Access access) throws IOException {
        check("open", path);
        return new FaultyFile(path, disk.open(path, access));
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        check("list", folder);
        return disk.list(folder);
    }

    @Override
    public void createFolder(String path) throws IOException {
        check("createFolder", path);
        disk.createFolder(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        check("rename", from);
        disk.rename(from, to);
    }

    @Override
    public boolean remove(String path) throws IOException {
        check("remove", path);
        return disk.remove(path);
    }

    @Override
    public void syncFolder(String path) throws IOException {
        check("syncFolder", path);
        disk.syncFolder(path);
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

    private static ByteBuffer[] firstHalf(ByteBuffer[] buffers) {
        int left = 0;
        for (ByteBuffer buffer : buffers) {
            left += buffer.remaining();
        }
        left /= 2;
        List<ByteBuffer> half = new ArrayList<>();
        for (ByteBuffer buffer : buffers) {
            int count = Math.min(left, buffer.remaining());
            half.add(buffer.slice(buffer.position(), count));
            left -= count;
        }
        return half.toArray(ByteBuffer[]::new);
    }

    private final class FaultyFile implements DiskFile {
        private final String path;
        private final DiskFile file;

        FaultyFile(String path, DiskFile file) {
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
                check("write", path);
            } catch (IOException e) {
                if (shortWrites) {
                    file.write(position, firstHalf(buffers));
                }
                throw e;
            }
            file.write(position, buffers);
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            check("read", path);
            file.read(position, target);
        }

        @Override
        public boolean readNow(long position, ByteBuffer target) {
            return file.readNow(position, target);
        }

        @Override
        public void sync() throws IOException {
            check("sync", path);
            file.sync();
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
