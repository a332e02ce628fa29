package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import io.forebay.system.server.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Settings of a server under crash: everything so small that much happens in a second.
final class CrashSettings {
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("storage.store.volume.segment", "1MiB"),
            Map.entry("storage.store.volume.small-object", "16KiB"),
            Map.entry("storage.store.volume.group", "256KiB"),
            Map.entry("storage.store.index.replay", "2MiB"),
            Map.entry("storage.store.index.memory", "16MiB"),
            Map.entry("storage.store.index.hot-share", "6%"),
            Map.entry("storage.store.index.write-buffer", "4MiB"),
            Map.entry("raft.snapshot-every", "40"),
            Map.entry("gateway.s3.min-part-size", "1KiB"));

    private CrashSettings() {}

    /// For a server in this process.
    static Map<String, String> all() {
        return new TreeMap<>(SETTINGS);
    }

    /// Starts a process on free ports, without waiting until it is ready.
    static ServerProcess launch(Path layout, Path scratch, Path data, List<String> more) {
        List<String> arguments = new ArrayList<>(
                List.of("--data", data.toString(), "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"));
        all().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(more);
        return ServerProcess.launch(layout, scratch, Map.of(), jvmOptions(layout), arguments);
    }

    /// What makes a start cheap: one compiler, and the cache of loaded classes when the layout has one.
    private static List<String> jvmOptions(Path layout) {
        Path cache = layout.resolveSibling("forebay.aot").toAbsolutePath().normalize();
        List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        if (Files.exists(cache)) {
            options.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
        }
        return options;
    }

    /// Throws INVALID_ARGUMENT for words that are none.
    static List<Durability> durabilities(String words) {
        List<Durability> durabilities = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            durabilities.add(Durability.parse(word.strip()));
        }
        return durabilities;
    }
}
