package io.forebay.protocol.api.cluster;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.bucket.BucketProperties;
import io.forebay.protocol.api.cluster.ConfigKey.Form;
import io.forebay.protocol.http.Query;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What AIStore's configuration stands for here, leaf by leaf: a setting that counts at once, one of the
/// whole cluster, the default of a property of new buckets, a setting that a process is started with, or
/// nothing.
public final class ConfigCatalogue {
    /// Settings that count at once, at single nodes too.
    private static final List<ConfigKey> RUNNING = List.of(
            new ConfigKey("log.level", "log.level", Form.LEVEL),
            new ConfigKey("log.max_size", "log.max-size", Form.SIZE),
            new ConfigKey("log.max_total", "log.max-total", Form.SIZE));

    /// Settings of the whole cluster.
    private static final List<ConfigKey> CLUSTER_WIDE =
            List.of(new ConfigKey("rebalance.enabled", "storage.rebalance.enabled", Form.FLAG));

    /// Settings that a process is started with.
    private static final List<ConfigKey> STARTED = List.of(
            new ConfigKey("auth.client_auth_required", "server.auth", Form.FLAG),
            new ConfigKey("client.client_timeout", "client.reply-timeout", Form.DURATION),
            new ConfigKey("fshc.io_err_limit", "storage.store.max-read-errors", Form.NUMBER),
            new ConfigKey("keepalivetracker.proxy.interval", "cluster.heartbeat", Form.DURATION),
            new ConfigKey("keepalivetracker.target.interval", "cluster.heartbeat", Form.DURATION),
            new ConfigKey("net.http.idle_conn_time", "client.idle-timeout", Form.DURATION),
            new ConfigKey("net.http.idle_conns_per_host", "client.connections-per-node", Form.NUMBER),
            new ConfigKey("net.http.server_crt", "http.tls.certificate", Form.TEXT),
            new ConfigKey("net.http.server_key", "http.tls.key", Form.TEXT),
            new ConfigKey("rebalance.dest_retry_time", "storage.rebalance.retry", Form.DURATION),
            new ConfigKey("space.out_of_space", "storage.store.volume.reserve", Form.USED_PERCENT),
            new ConfigKey("timeout.cplane_operation", "cluster.answer-timeout", Form.DURATION),
            new ConfigKey("timeout.join_startup_time", "join.patience", Form.DURATION),
            new ConfigKey("timeout.max_keepalive", "gateway.supervisor.lease", Form.DURATION),
            new ConfigKey("timeout.startup_time", "raft.start-patience", Form.DURATION));

    /// Why a leaf is as it is where there is more to say than that nothing of ours stands for it.
    private static final Map<String, String> REASONS = Map.of(
            "features", "features are of single buckets: set them as a bucket's property",
            "log.flush_time", "every line of the log is written at once",
            "log.to_stderr", "standard error shows warnings, and the log everything",
            "net.http.use_https", "data ports speak HTTPS as soon as http.tls.certificate and http.tls.key are set",
            "proxy.non_electable", "every gateway may lead",
            "resilver.enabled", "objects always leave a volume that is taken out of service");

    private ConfigCatalogue() {}

    /// The leaves that a query sets, by dotted name.
    public static Map<String, Object> leaves(Query query) {
        Map<String, Object> leaves = new LinkedHashMap<>();
        for (int index = 0; index < query.count(); index++) {
            if (!query.name(index).equals(AisQuery.TRANSIENT)) {
                leaves.put(query.name(index), query.value(index));
            }
        }
        return leaves;
    }

    /// The leaves that a message sets, by dotted name. Those that are null are left alone.
    public static Map<String, Object> leaves(Map<?, ?> tree) {
        Map<String, Object> leaves = new LinkedHashMap<>();
        flatten("", tree, leaves);
        return leaves;
    }

    /// What the leaves come to; an empty value takes back what was set before. Throws INVALID_ARGUMENT for a
    /// name that AIStore's configuration does not have or a value that breaks its rule, and UNSUPPORTED for
    /// one that nothing of ours stands for, or that counts from a start only, unless it has that value
    /// already.
    ///
    /// @param config as clients see it
    public static ConfigChanges read(Map<String, Object> leaves, Map<String, Object> config, ConfigValues values) {
        Check.argument(!leaves.isEmpty(), "no setting is named");
        Map<String, String> running = new TreeMap<>();
        Map<String, String> clusterWide = new TreeMap<>();
        Map<String, String> bucketDefaults = new TreeMap<>();
        leaves.forEach((name, value) -> {
            Object now = ClusterConfig.leaf(config, name);
            ConfigKey countsAtOnce = find(RUNNING, name);
            ConfigKey ofAll = find(CLUSTER_WIDE, name);
            if (now == null) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "invalid configuration: unknown setting \"" + name + "\"");
            } else if (countsAtOnce != null) {
                running.put(countsAtOnce.setting(), ours(name, value, countsAtOnce::ours));
            } else if (ofAll != null) {
                clusterWide.put(ofAll.setting(), ours(name, value, ofAll::ours));
            } else if (isOfBuckets(name)) {
                bucketDefaults.put(name, ours(name, value, given -> property(name, given)));
            } else if (!now.toString().equals(value.toString())) {
                throw refused(name, now, values);
            }
        });
        return new ConfigChanges(running, clusterWide, bucketDefaults);
    }

    /// The leaves that settings of ours stand for, with the values in force.
    static Map<String, Object> shown(ConfigValues values) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("log.flush_time", "0s");
        for (List<ConfigKey> keys : List.of(RUNNING, CLUSTER_WIDE, STARTED)) {
            for (ConfigKey key : keys) {
                Object value = key.shown(values.settings().apply(key.setting()));
                if (value != null) {
                    shown.put(key.name(), value);
                }
            }
        }
        values.bucketDefaults()
                .forEach((property, value) -> shown.put(property, BucketProperties.json(property, value)));
        return shown;
    }

    /// The value as it is kept, whose refusal names the leaf.
    private static String ours(String name, Object value, Function<Object, String> form) {
        try {
            return value.equals("") ? "" : form.apply(value);
        } catch (StoreException e) {
            throw e.text().contains(name)
                    ? e
                    : new StoreException(e.code(), "setting \"" + name + "\": " + e.text(), e);
        }
    }

    private static String property(String name, Object value) {
        return BucketProperties.changes(Map.of(name, value)).getOrDefault(name, "");
    }

    private static boolean isOfBuckets(String name) {
        return name.indexOf('.') > 0 && BucketProperties.isLeaf(name);
    }

    private static StoreException refused(String name, Object now, ConfigValues values) {
        ConfigKey started = find(STARTED, name);
        String why;
        if (started != null) {
            String value = values.settings().apply(started.setting());
            why = "it counts from the start of a process: set " + started.setting()
                    + (value.isEmpty() ? "" : ", now " + value + ",") + " in its settings file";
        } else {
            why = REASONS.getOrDefault(name, "nothing of Forebay's stands for it, so it stays " + now);
        }
        return new StoreException(ErrorCode.UNSUPPORTED, "setting \"" + name + "\" cannot be changed: " + why);
    }

    private static @Nullable ConfigKey find(List<ConfigKey> keys, String name) {
        for (ConfigKey key : keys) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        return null;
    }

    private static void flatten(String prefix, Map<?, ?> tree, Map<String, Object> leaves) {
        tree.forEach((key, value) -> {
            String name = prefix + key;
            if (value instanceof Map<?, ?> group) {
                flatten(name + ".", group, leaves);
            } else if (value != null) {
                leaves.put(name, value);
            }
        });
    }
}
