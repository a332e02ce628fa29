package io.forebay.storage.simulation;

import io.forebay.storage.simulation.SimulatedDisk.EntryChange;
import io.forebay.storage.simulation.SimulatedDisk.Inode;
import io.forebay.storage.simulation.SimulatedDisk.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A simulated disk at one moment: what is on stable storage, and what may or may not get there in a crash.
///
/// What may get there are pieces: changes of folder entries, and unsynced writes, each of which a crash keeps, drops or
/// tears at sectors of 512 bytes, independently of the others. Two changes of one entry keep their order, everything
/// else may overtake.
final class DiskImage {
    private final Map<String, FileImage> stable;
    private final Set<String> folders;
    private final List<EntryChange> changes;
    private final IdentityHashMap<Inode, FileImage> byInode;
    private final List<FileImage> files;
    private final List<Piece> pieces = new ArrayList<>();

    private DiskImage(
            Map<String, FileImage> stable,
            Set<String> folders,
            List<EntryChange> changes,
            IdentityHashMap<Inode, FileImage> byInode,
            List<FileImage> files) {
        this.stable = stable;
        this.folders = folders;
        this.changes = changes;
        this.byInode = byInode;
        this.files = files;
        changes.forEach(change -> pieces.add(new Piece(0, true)));
        for (FileImage file : files) {
            for (Write write : file.unsynced) {
                int first = write.position() / Content.SECTOR_BYTES;
                int last = (write.position() + Math.max(1, write.bytes().length) - 1) / Content.SECTOR_BYTES;
                pieces.add(new Piece(last - first + 1, false));
            }
        }
    }

    /// One file as it was.
    record FileImage(Content stable, List<Write> unsynced) {}

    /// Something that a crash keeps, drops or tears.
    ///
    /// @param sectors how many sectors a write touches; 0 for a change of entries
    record Piece(int sectors, boolean isEntry) {}

    /// What becomes of the pieces, by their number.
    interface Fate {
        /// Whether that sector of a piece is kept; a change of entries has only sector 0.
        boolean keeps(int piece, int sector);

        /// Whether the file is as long as a dropped write had made it.
        default boolean keepsLength(int piece) {
            return false;
        }
    }

    /// The state of a disk after a crash: everything that is there is on stable storage.
    record Crashed(Map<String, Content> files, Set<String> folders) {
        SimulatedDisk disk(SimulatedDisk.Flaw flaw) {
            return new SimulatedDisk(files, folders, flaw, Long.MAX_VALUE);
        }

        SimulatedDisk disk(long capacityBytes) {
            return new SimulatedDisk(files, folders, SimulatedDisk.Flaw.NONE, capacityBytes);
        }

        long hash() {
            long sum = 0;
            for (Map.Entry<String, Content> file : files.entrySet()) {
                sum += Page.mix(file.getKey().hashCode() * 31L ^ file.getValue().hash());
            }
            for (String folder : folders) {
                sum += Page.mix(folder.hashCode());
            }
            return sum;
        }
    }

    static DiskImage of(Map<String, Inode> stable, Set<String> folders, List<EntryChange> pending) {
        IdentityHashMap<Inode, FileImage> byInode = new IdentityHashMap<>();
        List<FileImage> files = new ArrayList<>();
        Map<String, FileImage> images = new HashMap<>();
        // In the order of their names, so that a seed makes the same choices again.
        for (String path : stable.keySet().stream().sorted().toList()) {
            images.put(path, image(stable.get(path), byInode, files));
        }
        for (EntryChange change : pending) {
            switch (change) {
                case EntryChange.Create create -> image(create.inode(), byInode, files);
                case EntryChange.Rename rename -> image(rename.inode(), byInode, files);
                case EntryChange.Remove remove -> {}
                case EntryChange.MakeFolder folder -> {}
            }
        }
        return new DiskImage(images, Set.copyOf(folders), List.copyOf(pending), byInode, files);
    }

    private static FileImage image(
            @Nullable Inode inode, IdentityHashMap<Inode, FileImage> byInode, List<FileImage> files) {
        if (inode == null) {
            throw new IllegalArgumentException("an entry without a file");
        }
        return byInode.computeIfAbsent(inode, key -> {
            FileImage image = new FileImage(key.stable(), List.copyOf(key.unsynced()));
            files.add(image);
            return image;
        });
    }

    List<Piece> pieces() {
        return Collections.unmodifiableList(pieces);
    }

    /// What is there after a crash with that fate.
    Crashed crash(Fate fate) {
        IdentityHashMap<FileImage, Content> contents = new IdentityHashMap<>();
        int piece = changes.size();
        for (FileImage file : files) {
            Content content = file.stable;
            for (Write write : file.unsynced) {
                content = kept(content, write, piece++, fate);
            }
            contents.put(file, content);
        }
        Map<String, FileImage> entries = new HashMap<>(stable);
        Set<String> kept = new HashSet<>(folders);
        boolean[] keep = keptChanges(fate);
        for (int index = 0; index < keep.length; index++) {
            if (keep[index]) {
                apply(changes.get(index), entries, kept, inode -> Objects.requireNonNull(byInode.get(inode)));
            }
        }
        kept.removeIf(folder -> !isReachable(folder, kept));
        Map<String, Content> reachable = new HashMap<>();
        entries.forEach((path, file) -> {
            Content content = contents.get(file);
            if (content != null && isReachable(path, kept)) {
                reachable.put(path, content);
            }
        });
        return new Crashed(reachable, kept);
    }

    static <T> void apply(EntryChange change, Map<String, T> entries, Set<String> folders, Function<Inode, T> file) {
        switch (change) {
            case EntryChange.Create create -> entries.put(create.path(), file.apply(create.inode()));
            case EntryChange.Rename rename -> {
                entries.remove(rename.from());
                entries.put(rename.to(), file.apply(rename.inode()));
            }
            case EntryChange.Remove remove -> entries.remove(remove.path());
            case EntryChange.MakeFolder folder -> folders.add(folder.path());
        }
    }

    private static Content kept(Content content, Write write, int piece, Fate fate) {
        Content result = content;
        int end = write.position() + write.bytes().length;
        int sector = 0;
        for (int at = write.position(); at < end; sector++) {
            int next = Math.min(end, (at / Content.SECTOR_BYTES + 1) * Content.SECTOR_BYTES);
            int run = sector;
            // Runs of kept sectors are written at once.
            if (!fate.keeps(piece, sector)) {
                at = next;
                continue;
            }
            int from = at;
            while (next < end && fate.keeps(piece, run + 1)) {
                next = Math.min(end, next + Content.SECTOR_BYTES);
                run++;
            }
            result = result.with(from, write.bytes(), from - write.position(), next - from);
            sector = run;
            at = next;
        }
        return fate.keepsLength(piece) ? result.atLeast(end) : result;
    }

    /// The changes that a fate keeps, and those before them of the same entries.
    private boolean[] keptChanges(Fate fate) {
        boolean[] keep = new boolean[changes.size()];
        Set<String> needed = new HashSet<>();
        for (int index = keep.length - 1; index >= 0; index--) {
            List<String> paths = changes.get(index).paths();
            keep[index] = fate.keeps(index, 0) || paths.stream().anyMatch(needed::contains);
            if (keep[index]) {
                needed.addAll(paths);
            }
        }
        return keep;
    }

    private static boolean isReachable(String path, Collection<String> folders) {
        for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
            if (!folders.contains(path.substring(0, end))) {
                return false;
            }
        }
        return true;
    }
}
