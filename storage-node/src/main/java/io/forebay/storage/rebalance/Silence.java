package io.forebay.storage.rebalance;

import io.forebay.cluster.state.Node;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Since when other nodes have not answered. Safe to share between threads.
///
/// What copies make up for need not wait for a node that is gone, but a call that fails is no proof of that: uploads
/// in progress have no copies, and would be given up with the first lost message.
final class Silence {
    private final long patienceNanos;
    private final Ticker ticker;
    private final Map<NodeId, Long> since = new ConcurrentHashMap<>();

    Silence(Duration patience, Ticker ticker) {
        this.patienceNanos = patience.toNanos();
        this.ticker = ticker;
    }

    void heard(NodeId node) {
        since.remove(node);
    }

    void missed(NodeId node) {
        since.putIfAbsent(node, ticker.nanos());
    }

    /// Whether a node that does not answer need not be waited for: the leader says that it is down, or it has been
    /// silent for long.
    ///
    /// @param node as the newest state has it; null when it has left
    boolean isGivenUp(NodeId id, @Nullable Node node) {
        if (node == null || node.phase() == Node.Phase.OFFLINE) {
            return true;
        }
        Long begun = since.get(id);
        return begun != null && ticker.nanos() - begun >= patienceNanos;
    }
}
