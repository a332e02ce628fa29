package io.forebay.storage.peer;

import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Redundancy;
import java.time.Duration;

/// A storage node's part among others: what it may serve, and its copies elsewhere, from before its store is
/// open.
public final class Peers implements Service {
    private final Parts parts;
    private final Fence fence;
    private final PeerCalls calls;
    private final Replicas replicas;

    /// What it works with.
    ///
    /// @param channel to the other storage nodes; calls by it have deadlines
    /// @param patience how long a request waits for a state, an epoch or a lease
    public record Parts(
            NodeId self,
            StateWatch watch,
            Lease lease,
            NodeChannel channel,
            Fence.Cleaning cleaning,
            Duration patience,
            PeerConfig config,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {}

    public Peers(Parts parts) {
        this.parts = parts;
        this.fence = new Fence(
                parts.self,
                new Fence.Parts(
                        parts.watch,
                        parts.lease,
                        parts.cleaning,
                        parts.patience,
                        parts.ticker,
                        parts.timers,
                        parts.metrics));
        this.calls = new PeerCalls(parts.self, parts.channel, parts.config, parts.metrics);
        this.replicas = new Replicas(fence, calls, parts.config);
    }

    /// Begins to prepare epochs. The store is open by then.
    @Override
    public void start() {
        fence.start();
    }

    @Override
    public void close() {
        fence.close();
    }

    public Fence fence() {
        return fence;
    }

    public NodeChannel channel() {
        return parts.channel;
    }

    /// What the store owes other nodes.
    public Redundancy redundancy() {
        return replicas;
    }

    /// What goes on between this node's store and others.
    public Dealings over(ObjectStore store) {
        StagedBytes staged =
                new StagedBytes(parts.self, store, parts.config, parts.ticker, parts.timers, parts.metrics);
        Consult consult = new Consult(fence, store, calls, parts.config, parts.metrics);
        Mending mending = new Mending(fence, store, calls, parts.metrics);
        return new Dealings(
                consult,
                mending,
                new Repairing(fence, store, mending, calls, parts.config, parts.timers, parts.metrics),
                new UploadPull(fence, store, calls, parts.config),
                new Survey(fence, calls),
                new PeerHandler(fence, store, staged, consult, parts.config),
                staged);
    }

    /// What goes on between a store and other nodes.
    ///
    /// @param staged closed before the store is
    public record Dealings(
            Consult consult,
            Mending mending,
            Repairing repairing,
            UploadPull uploads,
            Survey survey,
            PeerHandler handler,
            AutoCloseable staged) {}
}
