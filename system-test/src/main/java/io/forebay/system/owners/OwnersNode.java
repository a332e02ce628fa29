package io.forebay.system.owners;

import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.Lease;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.Space;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.StorageNode;
import io.forebay.storage.StorageNodeConfig;
import io.forebay.storage.StorageNodeEnvironment;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.object.VolumeFolders;
import io.forebay.system.server.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A storage node of the process under test, which can end and begin again on what it has on its disk.
final class OwnersNode {
    private static final Duration LEASE_PATIENCE = Duration.ofMillis(10);

    private final NodeId id;
    private final Path folder;
    private final Map<String, String> settings;
    private final Wire wire;
    private final Ticker clock;
    private final Consumer<String> notes;
    private final AtomicInteger underWay = new AtomicInteger();
    private int boots;
    private @Nullable Life life;

    /// One run of the node.
    private record Life(String boot, CurrentState watch, Lease lease, StorageNode node, Metrics metrics) {}

    /// @param clock of leases
    OwnersNode(NodeId id, Path folder, Map<String, String> settings, Wire wire, Ticker clock, Consumer<String> notes) {
        this.id = id;
        this.folder = folder.resolve(id.value());
        this.settings = settings;
        this.wire = wire;
        this.clock = clock;
        this.notes = notes;
    }

    NodeId id() {
        return id;
    }

    synchronized boolean isUp() {
        return life != null;
    }

    synchronized String boot() {
        return life == null ? "" : life.boot();
    }

    void note(String text) {
        notes.accept(id + ": " + text);
    }

    synchronized void start(ClusterState state) {
        CurrentState watch = new CurrentState();
        watch.publish(state);
        Metrics metrics = new Metrics();
        Lease lease = new Lease(LEASE_PATIENCE, clock, Timers.SYSTEM, metrics, "");
        Path disk = folder.resolve("disk");
        try {
            Files.createDirectories(disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StorageNode node = new StorageNode(
                Settings.of(StorageNodeConfig.class).bind(settings),
                new StorageNodeEnvironment(
                        id,
                        new VolumeFolders(folder.resolve("volumes"), List.of(disk)),
                        watch,
                        lease,
                        wire.from(id),
                        new Secret("the cluster's secret"),
                        MasterKeys.of("the cluster's secret"),
                        NetworkDoor.Access.OPEN,
                        metrics,
                        InstantSource.system(),
                        Ticker.SYSTEM,
                        "0.1.0",
                        RunningProcess.none()));
        node.start();
        boots++;
        life = new Life(id + "-" + boots, watch, lease, node, metrics);
        wire.connect(this);
    }

    /// Ends it; what it has under way fails.
    void stop() {
        Life ended;
        synchronized (this) {
            ended = life;
            life = null;
        }
        if (ended == null) {
            return;
        }
        wire.disconnect(id);
        while (underWay.get() > 0) {
            LockSupport.parkNanos(100_000);
        }
        ended.node().close();
    }

    /// Its disk is lost; it is down.
    void wipe() {
        try {
            Scratch.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void learn(ClusterState state) {
        Life now = life();
        if (now != null) {
            now.watch().publish(state);
        }
    }

    /// What it tells the leader; null when it is down.
    @Nullable
    Heartbeat heartbeat() {
        Life now = life();
        if (now == null) {
            return null;
        }
        return new Heartbeat(
                id.value(),
                now.boot(),
                now.watch().current().version(),
                now.node().fence().preparedEpoch(),
                now.node().progress(),
                Space.NONE);
    }

    void renew(long until) {
        Life now = life();
        if (now != null) {
            now.lease().renew(until);
        }
    }

    /// The state that it knows of; 0 when it is down.
    long stateVersion() {
        Life now = life();
        return now == null ? 0 : now.watch().current().version();
    }

    /// Whether it has removed what it does not hold under the base of the state.
    boolean isClean() {
        Life now = life();
        return now != null
                && cleanEpoch(now) >= now.watch().current().epochs().getFirst().number();
    }

    private static long cleanEpoch(Life now) {
        String name = "forebay_rebalance_clean_epoch{";
        return now.metrics()
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(" ") + 1)))
                .findFirst()
                .orElse(0);
    }

    /// What a node says that it has of a key.
    record Held(String kind, long epoch, long version) {
        boolean isObject() {
            return kind.equals("object");
        }

        boolean isOlderThan(Held other) {
            return epoch < other.epoch || (epoch == other.epoch && version < other.version);
        }
    }

    Held held(ObjectKey key, long epoch) {
        String target = NativePath.target(key).replaceFirst("/objects/", "/peer/") + "&what=held&epoch=" + epoch
                + "&from=" + id;
        Reply reply = handle(DirectExchange.of(new Request(Method.GET, target, new Headers()), Body.empty()));
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            String text = new String(source.readAll(1 << 16), StandardCharsets.UTF_8);
            if (reply.status() != 200) {
                throw new IllegalStateException(id + " does not say what it has of " + key + ": " + text);
            }
            return WireJson.read(text.getBytes(StandardCharsets.UTF_8), Held.class);
        }
    }

    /// Answers as its data port does. Throws NODE_UNAVAILABLE when it is down.
    Reply handle(Exchange exchange) {
        underWay.incrementAndGet();
        try {
            Life now = life();
            if (now == null) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, id + " is down");
            }
            return now.node().handler().handle(exchange);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private synchronized @Nullable Life life() {
        return life;
    }
}
