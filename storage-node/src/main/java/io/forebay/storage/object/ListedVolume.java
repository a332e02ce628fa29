package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.volume.OfflineVolume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A volume in the list of a node, for work on a node that does not run.
///
/// @param id empty when it is not known
/// @param folder where the list has it
public record ListedVolume(String id, Path folder) {
    /// All volumes in the list that is in a file, also those that are disabled. Throws CORRUPT, VOLUME_FAILED, and
    /// INVALID_ARGUMENT when the list has another format.
    public static List<ListedVolume> read(Path list) {
        VolumeRoster roster = VolumeRoster.read(list);
        return roster == null
                ? List.of()
                : roster.volumes().stream()
                        .map(entry -> new ListedVolume(entry.id(), Path.of(entry.path())))
                        .toList();
    }

    /// Sees to it that the folder has this volume. Throws VOLUME_FAILED when it has none, INVALID_ARGUMENT when it has
    /// another one, IN_USE when a process has it open, CORRUPT when its identity cannot be read.
    public void require() {
        if (!Files.exists(folder.resolve("volume.properties"))) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED,
                    "volume " + id + " is missing: folder " + folder + " does not have it: is its disk mounted?");
        }
        try (OfflineVolume found = OfflineVolume.open(VolumeCheck.disk(folder))) {
            if (!id.isEmpty() && !found.id().equals(id)) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "volume " + id + " is missing: folder " + folder + " has volume " + found.id());
            }
        }
    }
}
