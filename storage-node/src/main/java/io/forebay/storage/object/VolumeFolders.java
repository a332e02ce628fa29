package io.forebay.storage.object;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a node's volumes are.
///
/// @param list the file that has the node's list of volumes; null for a store whose volumes are those given
/// @param given folders that are to be volumes
public record VolumeFolders(@Nullable Path list, List<Path> given) {
    public VolumeFolders {
        given = List.copyOf(given);
    }

    /// How many volumes there may be at most: those in the list and those given.
    int count() {
        VolumeRoster roster = list == null ? null : VolumeRoster.read(list);
        Set<String> paths = new HashSet<>();
        if (roster != null) {
            roster.volumes().forEach(entry -> paths.add(entry.path()));
        }
        given.forEach(folder -> paths.add(folder.toAbsolutePath().normalize().toString()));
        return paths.size();
    }
}
