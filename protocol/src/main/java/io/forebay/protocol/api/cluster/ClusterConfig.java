package io.forebay.protocol.api.cluster;

import io.forebay.protocol.api.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// AIStore's cluster configuration as its clients want to see it: every section and key (`cmn/config.go`).
///
/// Filled in are identity and addresses, and what stands for settings of ours (`ConfigCatalogue`); the rest
/// is what AIStore has by default.
public final class ClusterConfig {
    private static final String RESOURCE = "cluster-config.json";

    private ClusterConfig() {}

    /// The whole configuration.
    ///
    /// @param updated when the cluster state last changed, as text
    /// @param version decimal text
    /// @param values what was set
    public static Map<String, Object> json(
            String uuid, String primaryUrl, String updated, String version, ConfigValues values) {
        Map<String, Object> config = template();
        config.put("uuid", uuid);
        config.put("lastupdate_time", updated);
        config.put("config_version", version);
        put(config, "proxy.primary_url", primaryUrl);
        put(config, "proxy.original_url", primaryUrl);
        put(config, "net.http.use_https", primaryUrl.startsWith("https:"));
        ConfigCatalogue.shown(values).forEach((name, value) -> put(config, name, value));
        return config;
    }

    /// The configuration of one node: the cluster's and its own.
    ///
    /// @param folder that the node's process keeps everything in, its log included
    public static Map<String, Object> ofNode(Map<String, Object> cluster, NodeMessage node, String folder) {
        Map<String, Object> config = new LinkedHashMap<>(cluster);
        NetInfo net = node.publicNet();
        config.put("confdir", folder);
        config.put("log_dir", folder);
        Map<String, Object> addresses = new LinkedHashMap<>();
        addresses.put("hostname", net.host());
        addresses.put("hostname_intra_control", net.host());
        addresses.put("hostname_intra_data", net.host());
        addresses.put("port", net.port());
        addresses.put("port_intra_control", net.port());
        addresses.put("port_intra_data", net.port());
        config.put("host_net", addresses);
        config.put("fspaths", Map.of());
        config.put("test_fspaths", Map.of("root", "", "count", 0, "instance", 0));
        return config;
    }

    /// The leaf of a configuration that has that dotted name; null where there is none.
    static @Nullable Object leaf(Map<String, Object> config, String name) {
        Object at = config;
        for (int from = 0; from <= name.length(); ) {
            int dot = name.indexOf('.', from);
            int end = dot < 0 ? name.length() : dot;
            at = at instanceof Map<?, ?> group ? group.get(name.substring(from, end)) : null;
            if (at == null) {
                return null;
            }
            from = end + 1;
        }
        return at instanceof Map<?, ?> ? null : at;
    }

    @SuppressWarnings("unchecked") // The resource's groups are maps by text.
    private static void put(Map<String, Object> config, String name, Object value) {
        Map<String, Object> group = config;
        int from = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
            group = (Map<String, Object>) group.getOrDefault(name.substring(from, dot), Map.of());
            from = dot + 1;
        }
        group.put(name.substring(from), value);
    }

    @SuppressWarnings("unchecked") // A JSON object is a map by text.
    private static Map<String, Object> template() {
        try (@Nullable InputStream in = ClusterConfig.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing");
            }
            return WireJson.read(in.readAllBytes(), LinkedHashMap.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
