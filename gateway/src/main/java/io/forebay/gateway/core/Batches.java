package io.forebay.gateway.core;

import io.forebay.cluster.state.Node;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.relay.BatchRelay;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Many objects and members of archives as one archive, made by a storage node.
public final class Batches {
    private final Objects objects;
    private final BatchRelay relay;

    public Batches(Objects objects, BatchRelay relay) {
        this.objects = objects;
        this.relay = relay;
    }

    /// Who may best make a batch.
    ///
    /// @param nodes that own some of it, the one with most first
    public record Makers(List<Node> nodes, String stateVersion) {
        /// Where a client is sent for it.
        public Objects.Location first() {
            return new Objects.Location(nodes.getFirst(), stateVersion);
        }
    }

    /// Who may best make a batch of these objects, at least one. Throws as `Objects.locate` does.
    public Makers makers(List<ObjectKey> keys) {
        Map<Node, Integer> counts = new HashMap<>();
        String stateVersion = "";
        for (ObjectKey key : keys) {
            Objects.Location location = objects.locate(key);
            counts.merge(location.owner(), 1, Integer::sum);
            stateVersion = location.stateVersion();
        }
        Comparator<Map.Entry<Node, Integer>> fewest = Map.Entry.comparingByValue();
        List<Node> nodes = counts.entrySet().stream()
                .sorted(fewest.thenComparing(entry -> entry.getKey().id().value())
                        .reversed())
                .map(Map.Entry::getKey)
                .toList();
        return new Makers(nodes, stateVersion);
    }

    /// Has the outer request's batch made, and goes on with another node when one stops (`BatchRelay.ask`).
    ///
    /// @param message the request's body, which was read
    public Reply make(Exchange outer, Makers makers, byte[] message) {
        return relay.ask(outer, makers.nodes.stream().map(Node::id).toList(), message);
    }
}
