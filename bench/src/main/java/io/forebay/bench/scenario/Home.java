package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where a run finds the project and keeps what it makes.
///
/// @param root of the project
/// @param scratch folder of this run's data; emptied before and after
/// @param user the name of the user that runs this
/// @param processors how many processors there are
/// @param java the command that starts a main class of this program in another process
public record Home(Path root, Path scratch, String user, int processors, List<String> java) {
    public Home {
        java = List.copyOf(java);
    }

    /// A folder in the scratch folder, made when it is not there.
    public Path folder(String name) {
        try {
            return Files.createDirectories(scratch.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Removes everything in the scratch folder.
    public void clear() {
        if (!Files.exists(scratch)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(scratch)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
