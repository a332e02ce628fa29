package io.forebay.protocol.tls;

import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.SparseWarnings;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/// TLS between the nodes of a cluster, as one process takes part in it: both sides of every connection show a
/// certificate of the cluster's authorities.
///
/// The files are looked at again and again once it is started. Changed ones that are good count for connections made
/// from then on; of bad ones a warning says why, once for each change, and those before them stay in force.
public final class NodeTls implements Service {
    /// The versions of TLS that are spoken.
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /// What a node's hello asks for (ALPN), by which it is told from a client's at a data port that has a certificate
    /// for
    /// clients as well.
    public static final String APPLICATION_PROTOCOL = "forebay-node";

    /// The ports of a node at which others call it.
    public enum Port {
        DATA,
        CONTROL;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final System.Logger LOG = System.getLogger(NodeTls.class.getName());

    private final TlsConfig config;
    private final InstantSource clock;
    private final WatchedFiles<PemFiles, Credentials> files;
    private final Map<Port, LongAdder> handshakes = new EnumMap<>(Port.class);
    private final SparseWarnings<Port> warnings = new SparseWarnings<>(Port.class);

    /// Throws INVALID_ARGUMENT, naming the setting, the file and the rule, when the files are not good.
    ///
    /// @param config with TLS on
    public NodeTls(TlsConfig config, InstantSource clock, Timers timers, Metrics metrics) {
        this.config = config;
        this.clock = clock;
        for (Port port : Port.values()) {
            handshakes.put(port, metrics.counter(TlsMetric.HANDSHAKES_REFUSED, "port=\"" + port.text() + "\""));
        }
        this.files = new WatchedFiles<>(
                "tls-files",
                new WatchedFiles.Source<>(
                        () -> PemFiles.read(config),
                        read -> Credentials.of(read, config, clock.instant()),
                        "new connections between nodes are made as ",
                        Credentials::words),
                config.reloadEvery(),
                timers,
                metrics,
                TlsMetric.RELOADS);
        metrics.gauge(TlsMetric.CERTIFICATE_LEFT, "", this::secondsLeft);
    }

    /// Begins to look at the files.
    @Override
    public void start() {
        LOG.log(
                System.Logger.Level.INFO,
                () -> "nodes are spoken to by TLS, as " + current().words());
        files.start();
    }

    @Override
    public void close() {
        files.close();
    }

    /// What is in force for connections that are made now.
    public Credentials current() {
        return files.current();
    }

    /// Tells of credentials each time that they change, before this `reload` returns.
    public void whenChanged(Consumer<Credentials> listener) {
        files.whenChanged(listener);
    }

    /// Notes that a caller was refused because the connection was no TLS, or its certificate is not trusted.
    public void refusedCaller(Port port, Throwable failure) {
        Objects.requireNonNull(handshakes.get(port)).increment();
        if (warnings.isDue(port, Ticker.SYSTEM.nanos())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "refused a connection to the " + port.text() + " port: " + reason(failure));
        }
    }

    /// What TLS says of a failure that others may have wrapped.
    public static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /// The side of a connection that was called: asks the caller for its certificate.
    public SSLEngine serverEngine() {
        SSLEngine engine = current().context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// The side of a connection that calls, by that host name or address.
    public SSLEngine clientEngine(String host, int port) {
        SSLEngine engine = current().context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {APPLICATION_PROTOCOL});
        parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
        if (config.verifyHost()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// Looks at the files once. Gives whether new credentials are in force.
    public boolean reload() {
        return files.reload();
    }

    private double secondsLeft() {
        Instant expires = current().expires();
        return expires.getEpochSecond() - clock.instant().getEpochSecond();
    }
}
