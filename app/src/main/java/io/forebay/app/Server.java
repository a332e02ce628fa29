package io.forebay.app;

import io.forebay.cluster.raft.RaftCommandLog;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.Gateway;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.NettyHttpClient;
import io.forebay.protocol.http.netty.NettyHttpServer;
import io.forebay.protocol.http.vertx.VertxHttpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A complete cluster in one process: one gateway, N storage nodes, and a Raft group of one that orders their commands.
///
/// The first storage node shares the data port with the gateway, every other one has a port of its own. Started once.
public final class Server implements Service {
    private static final Logger LOG = Logger.getLogger(Server.class.getName());

    private final ForebayConfig config;
    private final GivenKeys givenKeys;
    private final ListenAddress listen;
    private final ListenAddress control;
    private final Metrics metrics = new Metrics();
    private final ReadyGate gate = new ReadyGate();
    private final Closing parts = new Closing();
    private @Nullable Running running;
    private volatile boolean stopping;

    /// What is there once the server serves.
    private record Running(String dataUrl, String controlUrl, String banner) {}

    /// Throws INVALID_ARGUMENT when the settings do not go together.
    public Server(ForebayConfig config, GivenKeys givenKeys) {
        this.config = config;
        this.givenKeys = givenKeys;
        this.listen = ListenAddress.parse("server.listen", config.server().listen());
        this.control = ListenAddress.parse("server.control", config.server().control());
        ServerConfig server = config.server();
        Check.argument(
                listen.isLoopback() || server.auth() == ServerConfig.Auth.ON || server.insecure(),
                "--listen %s is not loopback and --auth is off: set --auth on, or --insecure if everyone on the network"
                        + " may do everything",
                listen);
        Check.argument(
                control.isLoopback() || server.insecure(),
                "--control %s is not loopback, and the control port has no authentication: set --insecure if everyone"
                        + " on the network may read it",
                control);
    }

    /// Returns when every request is served. Throws StoreException with one sentence for a person when it cannot.
    @Override
    public void start() {
        try {
            DataFolder folder = parts.add(DataFolder.open(config.server().data()));
            parts.add(Logging.toFile(folder.file("forebay.log"), config.log()));
            String settings = Settings.of(ForebayConfig.class).text(config);
            LOG.log(Level.INFO, "forebay {0} starts with\n{1}", new Object[] {ForebayVersion.text(), settings});
            ProcessMetric.show(metrics);
            running = open(folder, settings);
            LOG.log(Level.INFO, "ready at {0}", running.dataUrl);
        } catch (RuntimeException failure) {
            try {
                parts.close();
            } catch (RuntimeException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    /// The address of the data port, `http://host:port`. Only when started.
    public String dataUrl() {
        return running().dataUrl;
    }

    /// The address of the control port, `http://host:port`. Only when started.
    public String controlUrl() {
        return running().controlUrl;
    }

    /// What there is to know for a person who wants to use it. Only when started.
    public String banner() {
        return running().banner;
    }

    /// Takes no new request, finishes those in flight, and closes everything.
    @Override
    public void close() {
        stopping = true;
        LOG.log(Level.INFO, "stopping: requests in flight are finished first");
        parts.close();
    }

    private Running open(DataFolder folder, String settings) {
        Identities identities = new Identities(folder);
        int count = identities.storageNodes(config.server().storageNodeCount());
        NodeId self = identities.id("gateway");
        Secret secret = ClusterSecret.of(folder);
        Access access = Access.of(config.server().auth(), givenKeys, folder, secret);
        CurrentState state = new CurrentState();
        EventLoops loops = parts.add(new EventLoops(config.loops()));
        RaftCommandLog commands = started(new RaftCommandLog(config.raft(), self, folder.file("raft"), state, metrics));
        StorageNodes nodes = started(new StorageNodes(config, folder, identities, count, secret, state, metrics));
        NettyHttpClient http = parts.add(new NettyHttpClient(config.client(), loops, metrics));
        Gateway gateway = parts.add(new GatewayWiring(config, self, secret, state, commands, access, http, metrics)
                .gateway(nodes, new LogText(folder.file("forebay.log"))));
        String controlUrl = openControl(settings, gateway.adminHandler());
        String dataUrl = openData(loops);
        Map<NodeId, Integer> ports = nodes.openPorts(listen, gateway.handler(), loops, metrics, parts);
        List<String> urls = join(new Roster(commands, state, controlUrl), self, dataUrl, nodes, ports);
        new InterruptedRemovals(commands, state).takeBack();
        gate.open(gateway.handler());
        Banner banner = new Banner(
                ForebayVersion.text(),
                dataUrl,
                controlUrl,
                folder.path(),
                urls,
                config.gateway().s3().region(),
                access.keys(),
                access.token());
        return new Running(dataUrl, controlUrl, banner.text());
    }

    /// Enters every node under its present address; gives those of the storage nodes.
    private List<String> join(
            Roster roster, NodeId self, String dataUrl, StorageNodes nodes, Map<NodeId, Integer> ports) {
        List<String> urls = new ArrayList<>(List.of(dataUrl));
        roster.enter(nodes.first(), Node.Role.STORAGE, dataUrl);
        ports.forEach((id, port) -> {
            String url = advertised().url(port);
            roster.enter(id, Node.Role.STORAGE, url);
            urls.add(url);
        });
        roster.enter(self, Node.Role.GATEWAY, dataUrl);
        return urls;
    }

    private String openControl(String settings, Handler admin) {
        Handler handler = new ControlHandler(() -> gate.isOpen() && !stopping, metrics, settings, admin);
        VertxHttpServer server = started(new VertxHttpServer(control.resolve(), handler, config.control(), metrics));
        return control.url(server.address().getPort());
    }

    private String openData(EventLoops loops) {
        NettyHttpServer server = started(new NettyHttpServer(listen.resolve(), gate, config.http(), loops, metrics));
        return advertised().url(server.address().getPort());
    }

    /// The host by which clients reach the data ports.
    private ListenAddress advertised() {
        String host = config.server().advertise();
        return host == null ? listen : new ListenAddress(host, listen.port());
    }

    private <T extends Service> T started(T service) {
        service.start();
        return parts.add(service);
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the server is not started");
        }
        return now;
    }
}
