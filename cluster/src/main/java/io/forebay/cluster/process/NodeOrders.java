package io.forebay.cluster.process;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.cluster.ConfigCatalogue;
import io.forebay.protocol.api.cluster.ConfigChanges;
import io.forebay.protocol.api.cluster.ConfigValues;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.util.Map;
import java.util.function.Supplier;

/// Carries out what a node is ordered by `PUT /v1/daemon`: to change its configuration for as long as its
/// process runs, to forget such changes, to move its log aside, to let its counts begin again.
public final class NodeOrders {
    public static final String SET_CONFIG = "set-config";
    public static final String RESET_CONFIG = "reset-config";
    public static final String ROTATE_LOGS = "rotate-logs";
    public static final String RESET_STATISTICS = "reset-stats";

    private final RunningProcess process;
    private final NodeStatistics statistics;
    private final Supplier<Map<String, Object>> config;
    private final int maxMessageBytes;

    /// @param config of the node, as clients see it
    public NodeOrders(
            RunningProcess process,
            NodeStatistics statistics,
            Supplier<Map<String, Object>> config,
            int maxMessageBytes) {
        this.process = process;
        this.statistics = statistics;
        this.config = config;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Answers a request; only where its exchange may wait. Throws INVALID_ARGUMENT, and UNSUPPORTED for what
    /// is not offered.
    public Reply answer(Exchange exchange) {
        NativePath path = NativePath.parse(exchange.request().rawPath());
        Query query = exchange.request().query();
        if (path.bucket().equals(SET_CONFIG) && path.object().isEmpty()) {
            return set(ConfigCatalogue.leaves(query), query);
        }
        if (!path.bucket().isEmpty()) {
            throw NodeErrors.notOffered(exchange.request());
        }
        return order(ActionMessage.parse(exchange.body().readAll(maxMessageBytes)), query);
    }

    /// Carries out an order that a message gives. Throws as `answer`.
    public Reply order(ActionMessage message, Query query) {
        switch (message.action()) {
            case SET_CONFIG -> {
                return set(ConfigCatalogue.leaves(message.valueMap()), query);
            }
            case RESET_CONFIG -> process.settings().forget();
            case ROTATE_LOGS -> process.log().rotate();
            case RESET_STATISTICS -> resetStatistics(message);
            default ->
                throw new StoreException(
                        ErrorCode.UNSUPPORTED, "node action \"" + message.action() + "\" is not offered");
        }
        return Reply.of(200);
    }

    /// What leaves of the configuration come to at one node. Throws as `ConfigCatalogue.read`, and
    /// UNSUPPORTED for what the whole cluster has alike.
    public Map<String, String> read(Map<String, Object> leaves) {
        ConfigChanges changes = ConfigCatalogue.read(leaves, config.get(), values());
        if (!changes.clusterWide().isEmpty() || !changes.bucketDefaults().isEmpty()) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "settings " + leaves.keySet() + " are of the whole cluster in part, so no node has them for"
                            + " itself: set them by PUT /v1/cluster/set-config");
        }
        return changes.running();
    }

    private Reply set(Map<String, Object> leaves, Query query) {
        if (!AisQuery.isTrue(query.find(AisQuery.TRANSIENT, ""))) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "a setting that is to stay is set through a gateway, by PUT /v1/reverse/daemon/set-config; this"
                            + " node sets those with transient=true");
        }
        process.settings().changeForNow(read(leaves));
        return Reply.of(200);
    }

    /// AIStore's value says whether only failures are meant.
    private void resetStatistics(ActionMessage message) {
        if (Boolean.TRUE.equals(message.value())) {
            statistics.setBackErrors();
        } else {
            statistics.setBack();
        }
    }

    private ConfigValues values() {
        return new ConfigValues(process.settings()::value, Map.of());
    }
}
