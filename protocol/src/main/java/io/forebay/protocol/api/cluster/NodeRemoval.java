package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.forebay.common.error.Check;
import io.forebay.common.model.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which nodes an order about membership means, and how it is meant, ActValRmNode (`api/apc/actmsg.go`).
///
/// @param id of one node; empty where `ids` names them
/// @param removeData whether a node that leaves is to remove its data
/// @param noShutdown whether a node that leaves is to go on running
public record NodeRemoval(
        @JsonProperty("sid") String id,
        @JsonProperty("sids") List<String> ids,
        @JsonProperty("skip_rebalance") boolean skipRebalance,
        @JsonProperty("rm_user_data") boolean removeData,
        @JsonProperty("keep_initial_config") boolean keepInitialConfig,
        @JsonProperty("no_shutdown") boolean noShutdown) {
    private static final String INVALID = "invalid membership-change operation: ";

    public NodeRemoval(
            @Nullable String id,
            @Nullable List<String> ids,
            boolean skipRebalance,
            boolean removeData,
            boolean keepInitialConfig,
            boolean noShutdown) {
        this.id = id == null ? "" : id;
        this.ids = ids == null ? List.of() : List.copyOf(ids);
        this.skipRebalance = skipRebalance;
        this.removeData = removeData;
        this.keepInitialConfig = keepInitialConfig;
        this.noShutdown = noShutdown;
    }

    /// The nodes, at least one, each once. Throws INVALID_ARGUMENT.
    public List<NodeId> nodes() {
        Check.argument(id.isEmpty() || ids.isEmpty(), "%scannot specify both sid \"%s\" and sids %s", INVALID, id, ids);
        List<String> all = id.isEmpty() ? ids : List.of(id);
        Check.argument(!all.isEmpty(), "%smissing node IDs", INVALID);
        Set<String> seen = new LinkedHashSet<>();
        List<NodeId> nodes = new ArrayList<>();
        for (String each : all) {
            Check.argument(seen.add(each), "%sduplicated node ID \"%s\" in %s", INVALID, each, all);
            nodes.add(new NodeId(each));
        }
        return nodes;
    }
}
