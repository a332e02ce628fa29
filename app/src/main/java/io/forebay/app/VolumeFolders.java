package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The volumes that a folder on the command line means: itself, or those inside a data folder.
final class VolumeFolders {
    private static final String MARK = "volume.properties";

    private VolumeFolders() {}

    /// Throws INVALID_ARGUMENT when there is none.
    static List<Path> of(Path folder) {
        if (Files.exists(folder.resolve(MARK))) {
            return List.of(folder);
        }
        try (Stream<Path> entries = Files.isDirectory(folder) ? Files.list(folder) : Stream.of()) {
            List<Path> found = entries.filter(entry -> Files.exists(entry.resolve(MARK)))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "folder " + folder + " is no volume (it has no " + MARK + ") and no data folder with volumes");
            }
            return found;
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cannot read folder " + folder + ": " + e.getMessage(), e);
        }
    }
}
