package io.forebay.system.crash;

import io.forebay.common.model.Durability;
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
            Map.entry("storage.store.index.block-cache", "8MiB"),
            Map.entry("storage.store.index.write-buffer", "4MiB"),
            Map.entry("storage.store.index.hot-table", "1MiB"),
            Map.entry("raft.snapshot-every", "40"),
            Map.entry("gateway.s3.min-part-size", "1KiB"));

    private CrashSettings() {}

    /// For a server in this process.
    static Map<String, String> all() {
        return new TreeMap<>(SETTINGS);
    }

    /// For a process of its own.
    static List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        all().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return arguments;
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
