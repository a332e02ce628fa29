package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.object.ListedVolume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The volumes that a folder on the command line means: itself, or all of a data folder, which are those in the lists
/// of its storage nodes, wherever these are, and those inside.
final class StoppedVolumes {
    private static final String MARK = "volume.properties";
    private static final String LIST_SUFFIX = ".volumes";

    private final List<Found> found = new ArrayList<>();
    private final Set<Path> known = new HashSet<>();

    private StoppedVolumes() {}

    /// A place where a volume is, or has to be.
    ///
    /// @param failure why the volume cannot be had; null when it can
    record Found(Path folder, @Nullable String failure) {}

    /// Throws INVALID_ARGUMENT when there is none.
    static List<Found> of(Path folder) {
        if (Files.exists(folder.resolve(MARK))) {
            return List.of(new Found(folder, null));
        }
        StoppedVolumes volumes = new StoppedVolumes();
        try {
            List<Path> entries = entries(folder);
            for (Path entry : entries) {
                if (String.valueOf(entry.getFileName()).endsWith(LIST_SUFFIX)) {
                    volumes.addListed(entry);
                }
            }
            for (Path entry : entries) {
                if (Files.exists(entry.resolve(MARK)) && volumes.known.add(entry.toRealPath())) {
                    volumes.found.add(new Found(entry, null));
                }
            }
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cannot read folder " + folder + ": " + e.getMessage(), e);
        }
        if (volumes.found.isEmpty()) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "folder " + folder + " is no volume (it has no " + MARK + ") and no data folder with volumes");
        }
        return volumes.found;
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.isDirectory(folder) ? Files.list(folder) : Stream.of()) {
            return entries.sorted().toList();
        }
    }

    private void addListed(Path list) throws IOException {
        try {
            for (ListedVolume volume : ListedVolume.read(list)) {
                addListed(volume);
            }
        } catch (StoreException e) {
            found.add(new Found(list, e.text()));
        }
    }

    private void addListed(ListedVolume volume) throws IOException {
        Path folder = volume.folder();
        boolean isNew = known.add(Files.exists(folder) ? folder.toRealPath() : folder);
        try {
            volume.require();
            if (isNew) {
                found.add(new Found(folder, null));
            }
        } catch (StoreException e) {
            found.add(new Found(folder, e.text()));
        }
    }
}
