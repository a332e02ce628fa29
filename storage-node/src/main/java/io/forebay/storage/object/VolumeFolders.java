package io.forebay.storage.object;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a node's volumes are.
///
/// @param list the file that has the node's list of volumes; null for a store whose volumes are those given
/// @param given folders that are to be volumes
public record VolumeFolders(@Nullable Path list, List<Path> given) {
    public VolumeFolders {
        given = List.copyOf(given);
    }
}
