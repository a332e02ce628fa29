package io.forebay.app;

import io.forebay.common.error.Check;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.Handler;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One process of a cluster, in its role: a gateway with storage nodes, a gateway, or a storage node. Started once.
///
/// All roles are made of the same parts: the `Foundation`, a control port, a data port, and what the role puts behind
/// the two.
public final class Server implements Service {
    private static final Logger LOG = Logger.getLogger(Server.class.getName());

    private final ForebayConfig config;
    private final GivenKeys given;
    private final ServerRole role;
    private final ListenAddress listen;
    private final Metrics metrics = new Metrics();
    private final ReadyGate gate;
    private final Closing parts = new Closing();
    private @Nullable Running running;
    private final CountDownLatch ending = new CountDownLatch(1);
    private volatile boolean stopping;

    /// What is there once the server serves.
    private record Running(String dataUrl, String controlUrl, String banner) {}

    /// What a role puts behind the data port, and what it says of itself.
    record Served(Handler handler, String banner) {}

    /// A whole cluster in one process.
    public Server(ForebayConfig config, GivenKeys given) {
        this(config, given, ServerRole.SERVER);
    }

    /// Throws INVALID_ARGUMENT when the settings do not go together.
    public Server(ForebayConfig config, GivenKeys given, ServerRole role) {
        this.config = config;
        this.given = given;
        this.role = role;
        this.listen = ListenAddress.parse("server.listen", config.server().listen());
        ListenAddress.parse("server.control", config.server().control());
        for (String url : config.join().gateways()) {
            Check.argument(
                    config.cluster().tls().isOn() || !url.startsWith("https:"),
                    "--join %s is reached by TLS, for which this node has no certificate: set cluster.tls.certificate, key and"
                            + " ca",
                    url);
        }
        ServerConfig server = config.server();
        this.gate = new ReadyGate(server.startPatience(), metrics, "port=\"data\"");
        Check.argument(
                listen.isLoopback() || server.auth() == ServerConfig.Auth.ON || server.insecure(),
                "--listen %s is not loopback and --auth is off: set --auth on, or --insecure if everyone on the network"
                        + " may do everything",
                listen);
    }

    /// Returns when every request is served. Throws StoreException with one sentence for a person when it cannot.
    @Override
    public void start() {
        try {
            Foundation base = Foundation.lay(config, given, role, metrics, ending::countDown, parts);
            LOG.log(Level.INFO, "forebay {0} starts as {1} with\n{2}", new Object[] {
                ForebayVersion.text(), role.words(), base.settings()
            });
            ProcessMetric.show(metrics);
            ClusterMetric.show(metrics, base.state());
            running = open(base);
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

    /// Returns when the process has to end: somebody closes the server, or the cluster orders it.
    void awaitEnd() throws InterruptedException {
        ending.await();
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

    /// Takes no new request, finishes those in flight, and closes everything, once.
    @Override
    public synchronized void close() {
        if (!stopping) {
            stopping = true;
            LOG.log(Level.INFO, "stopping: requests in flight are finished first");
            try {
                parts.close();
            } finally {
                ending.countDown();
            }
        }
    }

    private Running open(Foundation base) {
        ControlPort control = base.started(new ControlPort(base, () -> gate.isOpen() && !stopping));
        DataPort data = new DataPort(base, "data", listen, gate);
        data.start();
        try {
            Served served = role.hasGateway()
                    ? new GatewayRole(base, role, control, data).open()
                    : new StorageRole(base, control, data).open();
            gate.open(served.handler());
            return new Running(data.url(), control.url(), served.banner());
        } finally {
            // Closed before what is behind it, so that requests in flight end well.
            parts.add(data);
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the server is not started");
        }
        return now;
    }
}
