package io.forebay.protocol.tls;

import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.SparseWarnings;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// HTTPS for clients of one process's data ports: the certificates that they are shown, and all of them anew when their
/// files change.
public final class ClientTls implements Service {
    private static final System.Logger LOG = System.getLogger(ClientTls.class.getName());
    private static final String[] APPLICATION_PROTOCOLS = {"http/1.1"};

    private final HttpsConfig config;
    private final InstantSource clock;
    private final WatchedFiles<HttpsFiles, Certificates> files;
    private final LongAdder failed;
    private final SparseWarnings<Warning> warnings = new SparseWarnings<>(Warning.class);

    private enum Warning {
        HANDSHAKE
    }

    /// All certificates of one reading.
    ///
    /// @param standard for clients that ask for no host, or for one that no certificate names
    private record Certificates(
            ServedCertificate standard, Map<String, ServedCertificate> byHost, List<ServedCertificate> all) {
        static Certificates of(List<ServedCertificate> all) {
            Map<String, ServedCertificate> byHost = new HashMap<>();
            all.forEach(each -> each.hosts().forEach(host -> byHost.putIfAbsent(host, each)));
            return new Certificates(all.getFirst(), Map.copyOf(byHost), all);
        }

        ServedCertificate of(@Nullable String asked) {
            if (asked == null) {
                return standard;
            }
            String host = asked.toLowerCase(Locale.ROOT);
            ServedCertificate exact = byHost.get(host);
            if (exact != null) {
                return exact;
            }
            int dot = host.indexOf('.');
            return dot < 0 ? standard : byHost.getOrDefault("*" + host.substring(dot), standard);
        }

        Instant expires() {
            return all.stream()
                    .map(ServedCertificate::expires)
                    .min(Instant::compareTo)
                    .orElseThrow();
        }

        String words() {
            return String.join("; ", all.stream().map(ServedCertificate::words).toList());
        }
    }

    /// Throws INVALID_ARGUMENT, naming the setting, the file and the rule, when the files are not good.
    ///
    /// @param config with HTTPS on
    public ClientTls(HttpsConfig config, InstantSource clock, Timers timers, Metrics metrics) {
        this.config = config;
        this.clock = clock;
        this.files = new WatchedFiles<>(
                "https-files",
                new WatchedFiles.Source<>(
                        () -> HttpsFiles.read(config),
                        read -> Certificates.of(read.served(clock.instant())),
                        "new connections of clients are shown ",
                        Certificates::words),
                config.reloadEvery(),
                timers,
                metrics,
                TlsMetric.HTTPS_RELOADS);
        this.failed = metrics.counter(TlsMetric.HTTPS_HANDSHAKES_FAILED, "");
        metrics.gauge(TlsMetric.HTTPS_CERTIFICATE_LEFT, "", this::secondsLeft);
    }

    /// Begins to look at the files.
    @Override
    public void start() {
        LOG.log(
                System.Logger.Level.INFO,
                () -> "clients are served by HTTPS, as " + files.current().words());
        files.start();
    }

    @Override
    public void close() {
        files.close();
    }

    /// Whether clients that speak plain HTTP are refused.
    public boolean isRequired() {
        return config.required();
    }

    /// The side of a connection that was called, for a client that asks for that host; null when it does not say.
    public SSLEngine serverEngine(@Nullable String host) {
        SSLEngine engine = files.current().of(host).context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(NodeTls.PROTOCOLS.toArray(String[]::new));
        parameters.setApplicationProtocols(APPLICATION_PROTOCOLS);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /// Notes that a client and this server did not come to terms.
    public void failed(Throwable failure) {
        failed.increment();
        if (warnings.isDue(Warning.HANDSHAKE, Ticker.SYSTEM.nanos())) {
            LOG.log(System.Logger.Level.WARNING, () -> "a client's handshake failed: " + NodeTls.reason(failure));
        }
    }

    /// Looks at the files once. Gives whether new certificates are in force.
    public boolean reload() {
        return files.reload();
    }

    private double secondsLeft() {
        return files.current().expires().getEpochSecond() - clock.instant().getEpochSecond();
    }
}
