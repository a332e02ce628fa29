package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Puts a rebuilt index in the place of a volume's index, or leaves everything as it was, whenever it is cut off.
///
/// For whoever has the volume's lock and no index open.
final class IndexSwap {
    /*
     * `index.new` is being made. One rename, to `index.rebuilt`, says that it is complete; what follows is only
     * carrying out: `index` becomes `index.old`, `index.rebuilt` becomes `index`, `index.old` goes. Whoever opens the
     * volume next finishes that.
     */
    private static final String NEW = VolumeStore.INDEX_FOLDER + ".new";
    private static final String REBUILT = VolumeStore.INDEX_FOLDER + ".rebuilt";
    private static final String OLD = VolumeStore.INDEX_FOLDER + ".old";

    private final Path folder;

    IndexSwap(Path folder) {
        this.folder = folder;
    }

    /// Finishes or clears away what was cut off, and returns where a new index is to be made.
    Path begin() {
        finish();
        Path target = folder.resolve(NEW);
        remove(target);
        return target;
    }

    /// Makes the index in the folder that `begin` named the volume's.
    void commit() {
        try {
            syncFiles(folder.resolve(NEW));
            move(NEW, REBUILT);
        } catch (IOException e) {
            throw failure(e);
        }
        finish();
    }

    /// Carries out what was committed.
    void finish() {
        try {
            if (Files.isDirectory(folder.resolve(REBUILT))) {
                if (Files.isDirectory(folder.resolve(VolumeStore.INDEX_FOLDER))) {
                    remove(folder.resolve(OLD));
                    move(VolumeStore.INDEX_FOLDER, OLD);
                }
                move(REBUILT, VolumeStore.INDEX_FOLDER);
            }
        } catch (IOException e) {
            throw failure(e);
        }
        remove(folder.resolve(OLD));
    }

    private void move(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    private static void syncFiles(Path index) throws IOException {
        try (Stream<Path> files = Files.list(index)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sync(file);
            }
        }
        sync(index);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void remove(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private StoreException failure(IOException e) {
        return new StoreException(
                ErrorCode.VOLUME_FAILED, "cannot change the index of " + folder + ": " + e.getMessage(), e);
    }
}
