package io.forebay.system.server;

import io.forebay.app.ForebayConfig;
import io.forebay.app.GivenKeys;
import io.forebay.app.Server;
import io.forebay.app.ServerRole;
import io.forebay.common.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A cluster in this process under test: one gateway and N storage nodes on free ports, its data in a given
/// folder, and further storage nodes that join it.
public final class Cluster implements AutoCloseable {
    private final Map<String, String> settings;
    private final GivenKeys keys;
    private final List<Server> joined = new ArrayList<>();
    private Server server;

    private Cluster(Map<String, String> settings, GivenKeys keys) {
        this.settings = settings;
        this.keys = keys;
        this.server = started();
    }

    /// Starts a cluster without authentication.
    public static Cluster start(Path data, int storageNodes) {
        return start(data, Map.of("server.storage-nodes", Integer.toString(storageNodes)), GivenKeys.NONE);
    }

    /// Starts a cluster with these settings beside free ports and the folder.
    public static Cluster start(Path data, Map<String, String> settings, GivenKeys keys) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("server.data", data.toString());
        all.put("server.listen", "127.0.0.1:0");
        all.put("server.control", "127.0.0.1:0");
        return new Cluster(all, keys);
    }

    /// The address of the data port, `http://host:port`.
    public URI url() {
        return URI.create(server.dataUrl());
    }

    /// The address of the control port.
    public URI controlUrl() {
        return URI.create(server.controlUrl());
    }

    /// Starts a storage node of its own, with its data in that folder, and returns the address of its data
    /// port when it is in the cluster map.
    public URI join(Path data) {
        return join(data, Map.of());
    }

    /// As above, with further settings.
    public URI join(Path data, Map<String, String> more) {
        Map<String, String> own = new TreeMap<>(settings);
        own.remove("server.storage-nodes");
        own.put("server.data", data.toString());
        own.put("server.listen", "127.0.0.1:0");
        own.put("server.control", "127.0.0.1:0");
        own.put("join.gateways", server.controlUrl());
        own.put("join.token-file", settings.get("server.data") + "/cluster-secret");
        own.putAll(more);
        Server node = new Server(Settings.of(ForebayConfig.class).bind(own), keys, ServerRole.STORAGE_NODE);
        node.start();
        joined.add(node);
        return URI.create(node.dataUrl());
    }

    /// Stops a storage node that joined; it stays in the cluster map.
    public void stop(URI dataUrl) {
        for (Server node : List.copyOf(joined)) {
            if (node.dataUrl().equals(dataUrl.toString())) {
                joined.remove(node);
                node.close();
            }
        }
    }

    /// Stops the cluster and starts it again on its data and addresses.
    public void restart() {
        settings.put("server.listen", url().getAuthority());
        settings.put("server.control", controlUrl().getAuthority());
        server.close();
        server = started();
    }

    @Override
    public void close() {
        joined.forEach(Server::close);
        server.close();
    }

    private Server started() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                handler.setLevel(Level.WARNING);
            }
        }
        Server fresh = new Server(Settings.of(ForebayConfig.class).bind(settings), keys);
        fresh.start();
        return fresh;
    }
}
