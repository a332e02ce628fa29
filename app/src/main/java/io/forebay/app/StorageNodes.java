package io.forebay.app;

import io.forebay.cluster.watch.Lease;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Handler;
import io.forebay.storage.StorageNode;
import io.forebay.storage.StorageNodeEnvironment;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.object.VolumeFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The storage nodes of this process, by id in their order. The first has no port of its own: it is behind
/// the data port.
final class StorageNodes implements Service {
    private final Foundation base;
    private final int count;
    private final Map<NodeId, StorageNode> nodes = new LinkedHashMap<>();
    private final Map<NodeId, String> names = new LinkedHashMap<>();
    private final Map<NodeId, Lease> leases = new LinkedHashMap<>();
    private final NodeChannel channel;
    private final Closing closing = new Closing();

    /// @param count how many there are, 0 in a process that is a gateway alone
    StorageNodes(Foundation base, int count) {
        this.base = base;
        this.count = count;
        this.channel = new StorageChannel(base, nodes);
        for (int number = 1; number <= count; number++) {
            String name = "storage-node-" + number;
            NodeId id = base.identities().id(name);
            names.put(id, name);
            leases.put(
                    id,
                    new Lease(
                            base.config().storage().statePatience(),
                            Ticker.SYSTEM,
                            Timers.SYSTEM,
                            base.metrics(),
                            "node=\"" + id + "\""));
            nodes.put(id, new StorageNode(base.config().storage(), environment(name, id)));
        }
    }

    /// Opens the stores of all nodes.
    @Override
    public void start() {
        nodes.values().forEach(node -> {
            node.start();
            closing.add(node);
        });
    }

    /// What answers the gateway, by node. Only when started.
    Map<NodeId, Handler> handlers() {
        Map<NodeId, Handler> handlers = new LinkedHashMap<>();
        nodes.forEach((id, node) -> handlers.put(id, node.handler()));
        return handlers;
    }

    /// Until when a node may serve what it owns.
    Lease lease(NodeId id) {
        return Objects.requireNonNull(leases.get(id));
    }

    StorageNode node(NodeId id) {
        return Objects.requireNonNull(nodes.get(id));
    }

    /// What answers whoever reaches the first node over the network. Only when started.
    Handler firstNetworkHandler() {
        return List.copyOf(nodes.values()).getFirst().networkHandler();
    }

    /// The node behind the data port, or null when there is none.
    @Nullable
    NodeId first() {
        return nodes.isEmpty() ? null : List.copyOf(nodes.keySet()).getFirst();
    }

    /// Opens the ports of all nodes but the first, and gives their URLs.
    ///
    /// @param gateway knows what a node alone does not: the cluster map in AIStore's form
    Map<NodeId, String> openPorts(ListenAddress host, Handler gateway) {
        Map<NodeId, String> opened = new LinkedHashMap<>();
        nodes.forEach((id, node) -> {
            if (!id.equals(first())) {
                Handler handler = new NodePort(node.networkHandler(), gateway);
                DataPort port = base.started(new DataPort(base, names.getOrDefault(id, ""), host.at(0), handler));
                opened.put(id, port.url());
            }
        });
        return opened;
    }

    @Override
    public void close() {
        closing.close();
    }

    /// The folders that are to be volumes of a node: one inside the data folder, unless others were given. With
    /// several nodes in the process each one takes a folder of its own name inside every folder given.
    private List<Path> volumes(String name) {
        List<Path> given = base.config().server().volumeFolders();
        DataFolder folder = base.folder();
        if (given.isEmpty()) {
            return Files.exists(folder.file(name + ".volumes")) ? List.of() : List.of(folder.file(name));
        }
        return count == 1
                ? given
                : given.stream().map(path -> path.resolve(name)).toList();
    }

    private StorageNodeEnvironment environment(String name, NodeId id) {
        DataFolder folder = base.folder();
        return new StorageNodeEnvironment(
                id,
                new VolumeFolders(folder.file(name + ".volumes"), volumes(name)),
                base.state(),
                lease(id),
                channel,
                base.secret(),
                base.masterKeys(),
                base.config().server().auth() == ServerConfig.Auth.ON
                        ? NetworkDoor.Access.SIGNED
                        : NetworkDoor.Access.OPEN,
                base.metrics(),
                InstantSource.system(),
                Ticker.SYSTEM,
                ForebayVersion.text(),
                base.process());
    }
}
