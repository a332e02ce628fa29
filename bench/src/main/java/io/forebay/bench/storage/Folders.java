package io.forebay.bench.storage;

import io.forebay.common.error.Check;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Folders of data: how large, and gone.
final class Folders {
    private Folders() {}

    /// The bytes of all files in a folder. Files that go away meanwhile have none.
    static long bytes(Path folder) {
        long bytes = 0;
        File[] files = folder.toFile().listFiles();
        if (files != null) {
            for (File file : files) {
                bytes += file.isDirectory() ? bytes(file.toPath()) : file.length();
            }
        }
        return bytes;
    }

    /// Removes a folder and waits until the file system has written that down, so that it does not burden what is
    /// measured next.
    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            for (Path path : list(folder)) {
                Files.delete(path);
            }
            try (FileChannel parent = FileChannel.open(folder.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                parent.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Fails unless the disk has that much room.
    static void requireFree(Path folder, long bytes) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            Check.argument(
                    free > bytes,
                    "%s has %s MiB free, but %s MiB are needed: choose another --folder",
                    folder,
                    free >> 20,
                    bytes >> 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Children before parents.
    private static List<Path> list(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
