package io.forebay.protocol.api.cluster;

import java.util.Map;
import java.util.Set;

/// The kinds of jobs that AIStore knows (`xact/api_table.go`), with their display names.
public final class JobKinds {
    private static final Map<String, String> DISPLAY_NAMES = Map.ofEntries(
            Map.entry("election", "elect-primary"),
            Map.entry("rebalance", "rebalance"),
            Map.entry("etl-inline", "etl-inline"),
            Map.entry("lru", "lru-eviction"),
            Map.entry("cleanup-store", "cleanup"),
            Map.entry("summary-bck", "summary"),
            Map.entry("summary-shard", "shard-summary"),
            Map.entry("resilver", "resilver"),
            Map.entry("rechunk", "rechunk"),
            Map.entry("index-shard", "shard-index"),
            Map.entry("ec-get", "ec-get"),
            Map.entry("ec-put", "ec-put"),
            Map.entry("ec-resp", "ec-resp"),
            Map.entry("put-copies", "put-copies"),
            Map.entry("archive", "archive"),
            Map.entry("copy-listrange", "copy-objects"),
            Map.entry("etl-listrange", "etl-objects"),
            Map.entry("blob-download", "blob-download"),
            Map.entry("download", "download"),
            Map.entry("dsort", "dsort"),
            Map.entry("promote", "promote-files"),
            Map.entry("evict-listrange", "evict-objects"),
            Map.entry("evict-remote-bck", "evict-remote-bucket"),
            Map.entry("delete-listrange", "delete-objects"),
            Map.entry("prefetch-listrange", "prefetch-objects"),
            Map.entry("ec-encode", "ec-bucket"),
            Map.entry("make-n-copies", "mirror"),
            Map.entry("move-bck", "rename-bucket"),
            Map.entry("copy-bck", "copy-bucket"),
            Map.entry("etl-bck", "etl-bucket"),
            Map.entry("list", "list"),
            Map.entry("get-batch", "get-batch"),
            Map.entry("create-inventory", "create-inventory"),
            Map.entry("load-lom-cache", "warm-up-metadata"));

    private static final Set<String> STARTABLE = Set.of(
            "rebalance",
            "lru",
            "cleanup-store",
            "resilver",
            "rechunk",
            "blob-download",
            "prefetch-listrange",
            "ec-encode",
            "make-n-copies",
            "load-lom-cache");

    private JobKinds() {}

    /// The kind of that name or display name; empty when there is none.
    public static String find(String kindOrName) {
        if (DISPLAY_NAMES.containsKey(kindOrName)) {
            return kindOrName;
        }
        for (Map.Entry<String, String> entry : DISPLAY_NAMES.entrySet()) {
            if (entry.getValue().equals(kindOrName)) {
                return entry.getKey();
            }
        }
        return "";
    }

    /// Whether a client may start a job of that kind by itself.
    public static boolean isStartable(String kind) {
        return STARTABLE.contains(kind);
    }
}
