package io.forebay.storage.simulation;

import io.forebay.storage.volume.Disk;
import io.forebay.storage.volume.DiskFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A disk in memory that remembers what is not on stable storage: bytes since a file's last sync, entries since their
/// folder's last one.
///
/// Promises exactly what `Disk` says and nothing more: an image of it crashes into any state that the contract allows
/// (`DiskImage`).
public final class SimulatedDisk implements Disk {
    private final Flaw flaw;
    private final long capacityBytes;
    private final Map<String, Inode> live = new HashMap<>();
    private final Set<String> liveFolders = new HashSet<>();
    private final Map<String, Inode> stable = new HashMap<>();
    private final Set<String> stableFolders = new HashSet<>();
    private final List<EntryChange> pending = new ArrayList<>();
    private volatile Runnable whenChanged = () -> {};

    /// What is wrong with a disk, to see whether the proofs notice.
    public enum Flaw {
        NONE,
        /// A file's sync keeps nothing.
        SYNC_DOES_NOTHING,
        /// A folder's sync keeps nothing.
        FOLDER_SYNC_DOES_NOTHING
    }

    /// A disk whose files are all on stable storage.
    SimulatedDisk(Map<String, Content> files, Set<String> folders, Flaw flaw, long capacityBytes) {
        this.flaw = flaw;
        this.capacityBytes = capacityBytes;
        files.forEach((path, content) -> {
            Inode inode = new Inode(content);
            live.put(path, inode);
            stable.put(path, inode);
        });
        liveFolders.addAll(folders);
        stableFolders.addAll(folders);
    }

    public static SimulatedDisk empty(Flaw flaw) {
        return new SimulatedDisk(Map.of(), Set.of(), flaw, Long.MAX_VALUE);
    }

    /// A file apart from its names.
    static final class Inode {
        private Content live;
        private Content stable;
        private List<Write> unsynced = new ArrayList<>();

        Inode(Content content) {
            this.live = content;
            this.stable = content;
        }

        Content stable() {
            return stable;
        }

        Content live() {
            return live;
        }

        List<Write> unsynced() {
            return unsynced;
        }
    }

    /// Bytes written and not synced.
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares it.
    record Write(int position, byte[] bytes) {}

    /// A change of folder entries that is not synced.
    sealed interface EntryChange {
        record Create(String path, Inode inode) implements EntryChange {}

        record Rename(String from, String to, Inode inode) implements EntryChange {}

        record Remove(String path) implements EntryChange {}

        record MakeFolder(String path) implements EntryChange {}

        default List<String> paths() {
            return switch (this) {
                case Create create -> List.of(create.path);
                case Rename rename -> List.of(rename.from, rename.to);
                case Remove remove -> List.of(remove.path);
                case MakeFolder folder -> List.of(folder.path);
            };
        }
    }

    /// Runs the action after every change, on the thread that made it, until the next call.
    public void whenChanged(Runnable action) {
        whenChanged = action;
    }

    /// The disk as it is now, with all that may become of it in a crash.
    synchronized DiskImage image() {
        return DiskImage.of(stable, stableFolders, pending);
    }

    synchronized List<String> paths() {
        return live.keySet().stream().sorted().toList();
    }

    /// Changes what a file holds, on stable storage too: what a bad disk does.
    synchronized void corrupt(String path, Content content) {
        Inode inode = inode(live.get(path));
        inode.live = content;
        inode.stable = content;
        inode.unsynced.clear();
    }

    synchronized Content content(String path) {
        return inode(live.get(path)).live;
    }

    @Override
    public DiskFile create(String path) throws IOException {
        Inode inode = new Inode(Content.EMPTY);
        synchronized (this) {
            if (live.containsKey(path)) {
                throw new FileAlreadyExistsException(path);
            }
            requireFolder(path);
            live.put(path, inode);
            pending.add(new EntryChange.Create(path, inode));
        }
        whenChanged.run();
        return new OpenInode(inode);
    }

    @Override
    public synchronized DiskFile open(String path, Access access) throws IOException {
        Inode inode = live.get(path);
        if (inode == null) {
            throw new NoSuchFileException(path);
        }
        return new OpenInode(inode);
    }

    @Override
    public synchronized boolean exists(String path) {
        return live.containsKey(path) || liveFolders.contains(path);
    }

    @Override
    public synchronized List<String> list(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        List<String> names = new ArrayList<>();
        for (Set<String> paths : List.of(live.keySet(), liveFolders)) {
            for (String path : paths) {
                if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                    names.add(path.substring(prefix.length()));
                }
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void createFolder(String path) {
        synchronized (this) {
            for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
                makeFolder(path.substring(0, end));
            }
            makeFolder(path);
        }
        whenChanged.run();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        synchronized (this) {
            Inode inode = live.remove(from);
            if (inode == null) {
                throw new NoSuchFileException(from);
            }
            live.put(to, inode);
            pending.add(new EntryChange.Rename(from, to, inode));
        }
        whenChanged.run();
    }

    @Override
    public boolean remove(String path) {
        synchronized (this) {
            if (live.remove(path) == null) {
                return false;
            }
            pending.add(new EntryChange.Remove(path));
        }
        whenChanged.run();
        return true;
    }

    @Override
    public void syncFolder(String path) throws IOException {
        synchronized (this) {
            if (!path.isEmpty() && !liveFolders.contains(path)) {
                throw new NoSuchFileException(path);
            }
            if (flaw != Flaw.FOLDER_SYNC_DOES_NOTHING) {
                List<EntryChange> kept = pending.stream()
                        .filter(change -> folder(change.paths().getFirst()).equals(path))
                        .toList();
                kept.forEach(change -> DiskImage.apply(change, stable, stableFolders, inode -> inode));
                pending.removeAll(kept);
            }
        }
        whenChanged.run();
    }

    @Override
    public boolean lock(String path) {
        return true;
    }

    @Override
    public long totalBytes() {
        return capacityBytes;
    }

    @Override
    public synchronized long freeBytes() {
        return capacityBytes - usedBytes();
    }

    @Override
    public String toString() {
        return "simulated";
    }

    @Override
    public void close() {}

    private synchronized long usedBytes() {
        long bytes = 0;
        for (Inode inode : live.values()) {
            bytes += inode.live.size();
        }
        return bytes;
    }

    private void requireFolder(String path) throws IOException {
        String parent = folder(path);
        if (!parent.isEmpty() && !liveFolders.contains(parent)) {
            throw new FileNotFoundException(path + " has no folder");
        }
    }

    private void makeFolder(String path) {
        if (liveFolders.add(path)) {
            pending.add(new EntryChange.MakeFolder(path));
        }
    }

    static String folder(String path) {
        int end = path.lastIndexOf('/');
        return end < 0 ? "" : path.substring(0, end);
    }

    private static Inode inode(@Nullable Inode found) {
        if (found == null) {
            throw new IllegalArgumentException("there is no such file");
        }
        return found;
    }

    private final class OpenInode implements DiskFile {
        private final Inode inode;
        private volatile boolean open = true;

        OpenInode(Inode inode) {
            this.inode = inode;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public FileChannel channel() {
            throw new UnsupportedOperationException("a simulated file has no channel");
        }

        @Override
        public void write(long position, ByteBuffer[] buffers) throws IOException {
            int count = 0;
            for (ByteBuffer buffer : buffers) {
                count += buffer.remaining();
            }
            byte[] bytes = new byte[count];
            int at = 0;
            for (ByteBuffer buffer : buffers) {
                int length = buffer.remaining();
                buffer.get(bytes, at, length);
                at += length;
            }
            synchronized (SimulatedDisk.this) {
                long growth = Math.max(0, position + count - inode.live.size());
                if (capacityBytes - usedBytes() < growth) {
                    throw new IOException("No space left on device");
                }
                inode.live = inode.live.with((int) position, bytes, 0, count);
                inode.unsynced.add(new Write((int) position, bytes));
            }
            whenChanged.run();
        }

        @Override
        public void read(long position, ByteBuffer target) {
            synchronized (SimulatedDisk.this) {
                inode.live.read(position, target);
            }
        }

        @Override
        public boolean readNow(long position, ByteBuffer target) {
            read(position, target);
            return !target.hasRemaining();
        }

        @Override
        public void sync() {
            synchronized (SimulatedDisk.this) {
                if (flaw != Flaw.SYNC_DOES_NOTHING) {
                    inode.stable = inode.live;
                    inode.unsynced = new ArrayList<>();
                }
            }
            whenChanged.run();
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return inode.live.size();
            }
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
