package io.forebay.storage.volume;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Checksum;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The files of large objects: one a run of bytes, written once, named by id, in folders of two levels.
///
/// A file becomes an object only by a log record; one without is an orphan and is swept after a start. A file
/// may have a sidecar: what was derived from its bytes and can be derived again, which goes with it. A power
/// cut may leave none, or half of one: whoever reads it checks it.
public final class LargeFiles {
    private static final String FOLDER = "files";
    private static final String SIDECAR = ".sidecar";
    private static final String UNFINISHED = ".new";
    private static final int FILES_BITS = 12;
    private static final int FOLDERS_BITS = 12;
    private static final int OUTER_DIGITS = 10;
    private static final int INNER_DIGITS = 3;
    private static final int PIECE_BYTES = 256 << 10;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    private final Disk disk;
    private final FileIds ids;
    private final Semaphore syncing;
    private final Ticker ticker;
    private final Histogram syncTime;
    private final LongAdder freed;
    private final LongAdder orphans;
    private final Map<String, SharedSync> folderSyncs = new ConcurrentHashMap<>();
    private final Set<String> folders = ConcurrentHashMap.newKeySet();

    LargeFiles(Disk disk, FileIds ids, int concurrentSyncs, String labels, Ticker ticker, Metrics metrics) {
        this.disk = disk;
        this.ids = ids;
        this.syncing = new Semaphore(concurrentSyncs);
        this.ticker = ticker;
        this.syncTime = metrics.histogram(StorageMetric.FILE_SYNC_TIME, labels);
        this.freed = metrics.counter(StorageMetric.FILES_FREED, labels);
        this.orphans = metrics.counter(StorageMetric.ORPHANS_REMOVED, labels);
    }

    /// A new file, open for writing. Throws NO_SPACE or VOLUME_FAILED.
    public NewFile create() {
        long id = ids.take();
        String folder = folder(id);
        try {
            ensureFolder(folder);
            return new NewFile(this, id, folder, disk.create(path(id)));
        } catch (IOException e) {
            throw VolumeFailure.of("cannot create file " + path(id), e);
        }
    }

    /// Removes a file with its sidecar; who has it open goes on reading. Nothing happens when it is not there.
    public void remove(long id) {
        try {
            if (disk.remove(path(id))) {
                freed.increment();
            }
            disk.remove(sidecarPath(id));
        } catch (IOException e) {
            throw VolumeFailure.of("cannot remove file " + path(id), e);
        }
    }

    /// Writes the sidecar of a file, in place of an earlier one. Readers see all of it or nothing. Throws
    /// NO_SPACE or VOLUME_FAILED.
    public void putSidecar(long id, ByteSource bytes) {
        String unfinished = sidecarPath(id) + "." + ids.take() + UNFINISHED;
        boolean complete = false;
        try {
            try (DiskFile file = disk.create(unfinished)) {
                long at = 0;
                for (ByteBuffer next = bytes.next(); next != null; next = bytes.next()) {
                    int count = next.remaining();
                    file.write(at, new ByteBuffer[] {next});
                    at += count;
                }
            }
            if (disk.exists(path(id))) {
                disk.rename(unfinished, sidecarPath(id));
                complete = true;
            }
        } catch (IOException e) {
            throw VolumeFailure.of("cannot write " + sidecarPath(id), e);
        } finally {
            if (!complete) {
                discard(unfinished);
            }
        }
        if (!disk.exists(path(id))) {
            // It went meanwhile, and may have missed this.
            discard(sidecarPath(id));
        }
    }

    private void discard(String path) {
        try {
            disk.remove(path);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot remove " + path, e);
        }
    }

    /// Whether the file is there with at least that many bytes: what a log record says of it may be more than the
    /// disk has when neither was synced.
    public boolean hasBytes(long id, long bytes) {
        try (DiskFile file = disk.open(path(id), Disk.Access.READ)) {
            return file.size() >= bytes;
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether the first bytes of the file, that many, have the checksum.
    public boolean hasContent(long id, long bytes, Checksum expected) {
        ChecksumSet computed = ChecksumSet.of(List.of(expected.type()));
        ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(PIECE_BYTES, Math.max(1, bytes)));
        try (DiskFile file = disk.open(path(id), Disk.Access.READ)) {
            for (long at = 0; at < bytes; at += piece.limit()) {
                file.read(at, piece.clear().limit((int) Math.min(piece.capacity(), bytes - at)));
                if (piece.hasRemaining()) {
                    return false;
                }
                computed.update(piece.flip());
            }
            return computed.finish().contains(expected);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read file " + path(id), e);
        }
    }

    /// Brings bytes and entry of an earlier file to stable storage. Nothing happens when it is gone.
    public void sync(long id) {
        try (DiskFile file = disk.open(path(id), Disk.Access.READ)) {
            file.sync();
            disk.syncFolder(folder(id));
        } catch (NoSuchFileException e) {
            // Removed since: nothing that could be lost.
            return;
        } catch (IOException e) {
            throw VolumeFailure.of("cannot sync file " + path(id), e);
        }
    }

    /// Removes the files below an id that nobody owns, and returns how many there were.
    public int sweep(long belowId, LongPredicate owned) {
        int removed = 0;
        try {
            for (String outer : disk.list(FOLDER)) {
                for (String inner : disk.list(FOLDER + "/" + outer)) {
                    String folder = FOLDER + "/" + outer + "/" + inner;
                    for (String name : disk.list(folder)) {
                        long id = FileIds.parse(name);
                        if (id > 0 && id < belowId && !owned.test(id)) {
                            remove(id);
                            removed++;
                        }
                        long beside = sidecarOf(name);
                        boolean unfinished = beside > 0 && !name.endsWith(SIDECAR);
                        if (beside > 0 && beside < belowId && (unfinished || !disk.exists(path(beside)))) {
                            disk.remove(folder + "/" + name);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw VolumeFailure.of("cannot sweep " + FOLDER, e);
        }
        orphans.add(removed);
        return removed;
    }

    /// What is told of a file found on disk.
    public interface Visitor {
        /// A large file.
        void file(long id);

        /// Something that has no place there.
        void strange(String path);
    }

    /// Visits everything in the folder of large files, without order.
    static void visit(Disk disk, Visitor visitor) throws IOException {
        for (String outer : disk.list(FOLDER)) {
            for (String inner : disk.list(FOLDER + "/" + outer)) {
                String folder = FOLDER + "/" + outer + "/" + inner;
                for (String name : disk.list(folder)) {
                    long id = FileIds.parse(name);
                    long beside = sidecarOf(name);
                    if (id > 0 && folder(id).equals(folder)) {
                        visitor.file(id);
                    } else if (beside <= 0 || !name.endsWith(SIDECAR) || !disk.exists(path(beside))) {
                        visitor.strange(folder + "/" + name);
                    }
                }
            }
        }
    }

    /// Where a file is.
    static String path(long id) {
        return folder(id) + "/" + FileIds.hex(id);
    }

    /// Where the sidecar of a file is.
    static String sidecarPath(long id) {
        return path(id) + SIDECAR;
    }

    /// The id of the file whose sidecar, finished or not, has that name; -1 for another name.
    private static long sidecarOf(String name) {
        int dot = name.indexOf('.');
        return dot > 0 && name.startsWith(SIDECAR, dot) ? FileIds.parse(name.substring(0, dot)) : -1;
    }

    /// Sees to it that no id of a file on disk is given out again.
    void passOverExisting() throws IOException {
        String outer = greatest(FOLDER);
        String inner = outer == null ? null : greatest(FOLDER + "/" + outer);
        if (inner != null) {
            ids.passOver(HexFormat.fromHexDigitsToLong(outer + inner) << FILES_BITS);
            String name = greatest(FOLDER + "/" + outer + "/" + inner);
            ids.passOver(name == null ? 0 : FileIds.parse(name));
        }
    }

    private @Nullable String greatest(String folder) throws IOException {
        String greatest = null;
        for (String name : disk.list(folder)) {
            if (HEX.matcher(name).matches() && (greatest == null || name.compareTo(greatest) > 0)) {
                greatest = name;
            }
        }
        return greatest;
    }

    /// Brings a file's bytes and its entry to stable storage.
    void sync(NewFile file) throws IOException {
        long start = ticker.nanos();
        syncing.acquireUninterruptibly();
        try {
            file.file().sync();
        } finally {
            syncing.release();
        }
        folderSyncs
                .computeIfAbsent(file.folder(), folder -> new SharedSync())
                .sync(() -> disk.syncFolder(file.folder()));
        syncTime.record(ticker.nanos() - start);
    }

    private void ensureFolder(String folder) throws IOException {
        if (folders.contains(folder)) {
            return;
        }
        synchronized (folders) {
            if (!folders.contains(folder)) {
                disk.createFolder(folder);
                disk.syncFolder("");
                disk.syncFolder(FOLDER);
                disk.syncFolder(folder.substring(0, folder.lastIndexOf('/')));
                folders.add(folder);
            }
        }
    }

    private static String folder(long id) {
        HexFormat hex = HexFormat.of();
        String outer = hex.toHexDigits(id >>> (FILES_BITS + FOLDERS_BITS), OUTER_DIGITS);
        return FOLDER + "/" + outer + "/" + hex.toHexDigits(id >>> FILES_BITS, INNER_DIGITS);
    }
}
