package io.forebay.system.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The cache of the classes that a server loads and links, which halves the time to start. It lies beside the
/// layout's jars, where `scripts/lib/layout.sh` makes it too.
public final class ClassCache {
    private ClassCache() {}

    /// Makes it from a short run of a server, unless there is one of these jars. Doing without it is no failure.
    ///
    /// @param layout the folder of the command's jars
    public static void train(Path layout, Path scratch) {
        if (isOfThese(layout)) {
            return;
        }
        Path data = scratch.resolve("training");
        // Whoever finds it finds it whole, also when two processes make it at a time.
        Path made = file(layout)
                .resolveSibling("forebay.aot." + ProcessHandle.current().pid());
        List<String> options = List.of("-XX:AOTCacheOutput=" + made, "-Xlog:aot*=off", "-Xlog:cds*=off");
        List<String> arguments =
                List.of("--data", data.toString(), "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0");
        try (ServerProcess server = ServerProcess.launch(layout, scratch, Map.of(), options, arguments)) {
            server.awaitReady();
            try (RawHttp http = new RawHttp(server.url())) {
                http.send("PUT", "/training");
                http.send("PUT", "/training/object", "training");
                http.send("GET", "/training/object");
                http.send("GET", "/v1/objects/training/object");
                http.send("GET", "/training?list-type=2");
            }
            server.terminate();
            if (hasEnded(server) && Files.exists(made)) {
                Files.move(made, file(layout), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                server.kill();
                Files.deleteIfExists(made);
            }
            Scratch.delete(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the cache, which is written at the end, is complete.
    private static boolean hasEnded(ServerProcess server) {
        try {
            server.exitCode();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /// What a JVM is told to use it, if there is one.
    static List<String> options(Path layout) {
        Path file = file(layout);
        return isOfThese(layout) ? List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off") : List.of();
    }

    /// Whether it was made from the jars that are there. The JVM takes classes of older ones from it without a word.
    private static boolean isOfThese(Path layout) {
        File cache = file(layout).toFile();
        File[] jars = layout.toFile().listFiles();
        return cache.exists()
                && jars != null
                && Arrays.stream(jars).allMatch(jar -> jar.lastModified() <= cache.lastModified());
    }

    private static Path file(Path layout) {
        return layout.resolveSibling("forebay.aot").toAbsolutePath().normalize();
    }
}
