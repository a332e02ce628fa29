package io.forebay.app;

import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.NettyHttpServer;
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

/// The storage nodes of this process, by id in their order. The first has no port of its own: it is behind the data
/// port.
final class StorageNodes implements Service {
    private final ForebayConfig config;
    private final DataFolder folder;
    private final Identities identities;
    private final int count;
    private final Map<NodeId, StorageNode> nodes = new LinkedHashMap<>();
    private final Map<NodeId, String> names = new LinkedHashMap<>();
    private final Closing closing = new Closing();

    /// @param count how many there are
    /// @param secret the cluster's
    StorageNodes(
            ForebayConfig config,
            DataFolder folder,
            Identities identities,
            int count,
            Secret secret,
            StateWatch watch,
            Metrics metrics) {
        this.config = config;
        this.folder = folder;
        this.identities = identities;
        this.count = count;
        for (int number = 1; number <= count; number++) {
            String name = "storage-node-" + number;
            NodeId id = identities.id(name);
            names.put(id, name);
            nodes.put(id, new StorageNode(config.storage(), environment(name, id, secret, watch, metrics)));
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

    /// The node behind the data port.
    NodeId first() {
        return List.copyOf(nodes.keySet()).getFirst();
    }

    /// Opens the ports of all nodes but the first, adding each to `ports`, and gives their numbers.
    ///
    /// @param gateway knows what a node alone does not: the cluster map in AIStore's form
    Map<NodeId, Integer> openPorts(
            ListenAddress host, Handler gateway, EventLoops loops, Metrics metrics, Closing ports) {
        Map<NodeId, Integer> opened = new LinkedHashMap<>();
        nodes.forEach((id, node) -> {
            if (!id.equals(first())) {
                String name = names.getOrDefault(id, "");
                Handler handler = new NodePort(node.networkHandler(), gateway);
                NettyHttpServer server = open(host, identities.port(name), handler, loops, metrics);
                ports.add(server);
                identities.rememberPort(name, server.address().getPort());
                opened.put(id, server.address().getPort());
            }
        });
        return opened;
    }

    @Override
    public void close() {
        closing.close();
    }

    /// Takes the port that the node had last, or any when that is taken.
    private NettyHttpServer open(ListenAddress host, int port, Handler handler, EventLoops loops, Metrics metrics) {
        NettyHttpServer server = new NettyHttpServer(host.at(port).resolve(), handler, config.http(), loops, metrics);
        try {
            server.start();
            return server;
        } catch (StoreException e) {
            if (e.code() != ErrorCode.IN_USE || port == 0) {
                throw e;
            }
            return open(host, 0, handler, loops, metrics);
        }
    }

    /// The folders that are to be volumes of a node: one inside the data folder, unless others were given. With
    /// several nodes in the process each one takes a folder of its own name inside every folder given.
    private List<Path> volumes(String name) {
        List<Path> given = config.server().volumeFolders();
        if (given.isEmpty()) {
            return Files.exists(folder.file(name + ".volumes")) ? List.of() : List.of(folder.file(name));
        }
        return count == 1
                ? given
                : given.stream().map(path -> path.resolve(name)).toList();
    }

    private StorageNodeEnvironment environment(
            String name, NodeId id, Secret secret, StateWatch watch, Metrics metrics) {
        return new StorageNodeEnvironment(
                id,
                new VolumeFolders(folder.file(name + ".volumes"), volumes(name)),
                watch,
                secret,
                config.server().auth() == ServerConfig.Auth.ON ? NetworkDoor.Access.SIGNED : NetworkDoor.Access.OPEN,
                metrics,
                InstantSource.system(),
                Ticker.SYSTEM,
                ForebayVersion.text(),
                new LogText(folder.file("forebay.log"))::newest);
    }
}
