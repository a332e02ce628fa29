package io.forebay.storage;

import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.Check;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.http.Handler;
import io.forebay.storage.archive.ObjectArchives;
import io.forebay.storage.batch.Batches;
import io.forebay.storage.crypto.Seals;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.http.NodeHandler;
import io.forebay.storage.http.NodeMetric;
import io.forebay.storage.http.NodeWiring;
import io.forebay.storage.info.NodeFacts;
import io.forebay.storage.lifecycle.Lifecycle;
import io.forebay.storage.notification.Notifier;
import io.forebay.storage.object.BucketUpkeep;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Peers;
import io.forebay.storage.rebalance.Rebalancing;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One storage node: its object store, and the handler that speaks for it.
public final class StorageNode implements Service {
    private final StorageNodeConfig config;
    private final StorageNodeEnvironment environment;
    private final NodeErrors errors;
    private final String labels;
    private final Peers peers;
    private final Closing closing = new Closing();
    private @Nullable Rebalancing rebalancing;
    private @Nullable NodeHandler handler;

    public StorageNode(StorageNodeConfig config, StorageNodeEnvironment environment) {
        this.config = config;
        this.environment = environment;
        this.errors = new NodeErrors("t[" + environment.id() + "]");
        this.labels = "node=\"" + environment.id() + "\"";
        this.peers = new Peers(new Peers.Parts(
                environment.id(),
                environment.watch(),
                environment.lease(),
                environment.channel(),
                view -> rebalancing().cleaning().require(view),
                config.statePatience(),
                config.peer(),
                environment.ticker(),
                Timers.SYSTEM,
                environment.metrics()));
    }

    /// Opens the volumes, and refuses writes to the buckets that the current state seals; requests are
    /// answered afterwards. Throws what `ObjectStore.open` throws.
    @Override
    public void start() {
        ClusterState state = environment.watch().current();
        Check.that(
                !state.clusterId().isEmpty(), "storage node %s starts before its cluster is founded", environment.id());
        try {
            Metrics metrics = environment.metrics();
            Notifier notifier = new Notifier(new Notifier.Parts(
                    environment.id(),
                    config.notification(),
                    environment.clock(),
                    environment.ticker(),
                    Timers.SYSTEM,
                    metrics));
            ObjectStore store = closing.add(ObjectStore.open(
                    config.store(),
                    environment.volumes(),
                    new VolumeOwner(state.clusterId(), environment.id()),
                    environment.clock(),
                    metrics,
                    peers.redundancy(),
                    notifier));
            Peers.Dealings dealings = peers.over(store);
            closing.add(dealings.staged());
            closing.add(notifier).start(store.outbox());
            BucketUpkeep upkeep = closing.add(
                    new BucketUpkeep(store, environment.watch(), metrics.counter(NodeMetric.DROPPED_BUCKETS, labels)));
            store.whenVolumeReturns(upkeep::recheck);
            upkeep.start();
            closing.add(peers);
            Rebalancing moving = closing.add(rebalancing(store, dealings));
            rebalancing = moving;
            closing.add(dealings.repairing());
            Lifecycle ending = closing.add(lifecycle(store, dealings));
            peers.start();
            handler = wire(store, upkeep, dealings);
            moving.start();
            dealings.repairing().start();
            ending.start();
        } catch (RuntimeException failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /// What this node may serve as owners change.
    public Fence fence() {
        return peers.fence();
    }

    /// How far this node is with moving its objects to where the newest owners hold them.
    public Rebalance progress() {
        return rebalancing().progress();
    }

    /// Answers gateways in this process: every header is believed.
    public Handler handler() {
        return Objects.requireNonNull(handler, "the storage node is not started");
    }

    /// Answers whoever reaches the node's own port.
    public Handler networkHandler() {
        return new NetworkDoor(handler(), errors, environment.secret(), environment.access(), environment.clock());
    }

    /// Closes the object store. Requests have ended by then: whoever serves the handlers stops first.
    @Override
    public void close() {
        closing.close();
    }

    private NodeHandler wire(ObjectStore store, BucketUpkeep upkeep, Peers.Dealings dealings) {
        NodeFacts facts =
                new NodeFacts(environment.id(), environment.version(), environment.process(), environment.ticker());
        NodeWiring.Limits limits = new NodeWiring.Limits(
                config.maxRequests(),
                config.maxUploadBytes().bytes(),
                (int) config.maxMessageBytes().bytes(),
                config.store().maxParts(),
                config.statePatience());
        return new NodeWiring(
                        facts,
                        limits,
                        store,
                        new Seals(environment.masterKeys(), config.encryption()),
                        upkeep,
                        new Batches(
                                config.batch(),
                                InstantSource.system(),
                                environment.ticker(),
                                environment.metrics(),
                                labels),
                        new ObjectArchives(config.archive(), environment.metrics(), labels),
                        environment.watch(),
                        peers,
                        dealings,
                        this::progress,
                        environment.metrics())
                .handler();
    }

    private Rebalancing rebalancing() {
        return Objects.requireNonNull(rebalancing, "the storage node is not started");
    }

    private Rebalancing rebalancing(ObjectStore store, Peers.Dealings dealings) {
        Path list = environment.volumes().list();
        return new Rebalancing(new Rebalancing.Parts(
                environment.id(),
                environment.watch(),
                peers.fence(),
                store,
                dealings,
                config.rebalance(),
                list == null ? null : list.resolveSibling(environment.id() + ".custody"),
                environment.clock(),
                environment.ticker(),
                Timers.SYSTEM,
                environment.metrics()));
    }

    private Lifecycle lifecycle(ObjectStore store, Peers.Dealings dealings) {
        return new Lifecycle(new Lifecycle.Parts(
                environment.watch(),
                peers.fence(),
                dealings.consult(),
                store,
                config.lifecycle(),
                environment.clock(),
                environment.ticker(),
                Timers.SYSTEM,
                environment.metrics()));
    }

    private void closeAfter(RuntimeException failure) {
        try {
            closing.close();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }
}
