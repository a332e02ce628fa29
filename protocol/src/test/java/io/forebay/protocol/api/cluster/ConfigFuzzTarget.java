package io.forebay.protocol.api.cluster;

import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.FuzzedMessage;
import io.forebay.protocol.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Orders to change the configuration, as a message or as a query: what is kept of one can be shown, and is kept of
/// it again.
public final class ConfigFuzzTarget {
    private static final Map<String, String> SETTINGS = Map.of(
            "log.level", "info",
            "log.max-size", "16MiB",
            "log.max-total", "1GiB",
            "storage.rebalance.enabled", "true");
    private static final ConfigValues VALUES =
            new ConfigValues(key -> SETTINGS.getOrDefault(key, ""), Map.of("mirror.copies", "2"));
    private static final Map<String, Object> CONFIG = config(VALUES);

    private ConfigFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        check(FuzzedMessage.read(
                () -> ConfigCatalogue.leaves(ActionMessage.parse(input).valueMap())));
        check(FuzzedMessage.read(
                () -> ConfigCatalogue.leaves(Query.parse(new String(input, StandardCharsets.ISO_8859_1)))));
    }

    private static void check(@Nullable Map<String, Object> leaves) {
        ConfigChanges changes =
                leaves == null ? null : FuzzedMessage.read(() -> ConfigCatalogue.read(leaves, CONFIG, VALUES));
        if (changes != null) {
            // What is empty is taken back, and not kept.
            Map<String, String> defaults = new TreeMap<>(changes.bucketDefaults());
            defaults.values().removeIf(String::isEmpty);
            config(new ConfigValues(
                    key -> changes.running()
                            .getOrDefault(key, changes.clusterWide().getOrDefault(key, "")),
                    defaults));
        }
    }

    private static Map<String, Object> config(ConfigValues values) {
        return ClusterConfig.json("cluster", "http://localhost:1", "now", "7", values);
    }
}
