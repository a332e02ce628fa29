package io.forebay.cluster.peer;

import io.forebay.common.model.NodeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where each gateway is reached: as the agreed configuration has it, until it calls from elsewhere. Safe to
/// share between threads.
///
/// Ports may change over a restart. Whoever comes back under a new address calls the others, whose addresses
/// it knows, and thereby tells its own; a configuration that names another address than before counts again.
public final class PeerAddresses {
    private final Map<NodeId, Known> known = new ConcurrentHashMap<>();

    /// @param configured null until a configuration named the gateway
    private record Known(@Nullable String configured, String current) {}

    /// The configuration says that the gateway is there.
    public void configure(NodeId id, String url) {
        known.compute(
                id, (key, before) -> before != null && url.equals(before.configured) ? before : new Known(url, url));
    }

    /// The gateway itself says that it is there. True when that is news.
    public boolean learn(NodeId id, String url) {
        Known before = known.get(id);
        if (before != null && before.current.equals(url)) {
            return false;
        }
        known.compute(id, (key, now) -> new Known(now == null ? null : now.configured, url));
        return true;
    }

    /// A third says that the gateway is there: counts only while the gateway itself has said nothing.
    public void suggest(NodeId id, String url) {
        known.compute(id, (key, before) -> {
            boolean told = before != null && !before.current.equals(before.configured);
            return told ? before : new Known(before == null ? null : before.configured, url);
        });
    }

    public @Nullable String find(NodeId id) {
        Known peer = known.get(id);
        return peer == null ? null : peer.current;
    }
}
