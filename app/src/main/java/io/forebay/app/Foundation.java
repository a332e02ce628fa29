package io.forebay.app;

import io.forebay.cluster.process.ProcessLog;
import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.state.StopOrder;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.time.Timers;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.NettyHttpClient;
import io.forebay.protocol.tls.ClientTls;
import io.forebay.protocol.tls.HttpsConfig;
import io.forebay.protocol.tls.NodeTls;
import io.forebay.protocol.tls.PortTls;
import io.forebay.protocol.tls.TlsConfig;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What every process has, whatever it is in its cluster: the parts that roles are built on.
///
/// @param settings in force, secrets masked
/// @param process as its nodes tell of it
/// @param memory what the data folder knows of the cluster
/// @param identities of the nodes in this process
/// @param state of the cluster, as this process knows it
/// @param tls at the data ports; that between nodes at the control port too
/// @param http calls other nodes, and nobody else
/// @param stop lets the process end
/// @param parts what is open, closed in the reverse order
record Foundation(
        ForebayConfig config,
        String settings,
        GivenKeys given,
        DataFolder folder,
        RunningProcess process,
        ClusterMemory memory,
        Identities identities,
        ClusterSecret clusterSecret,
        CurrentState state,
        Metrics metrics,
        EventLoops loops,
        PortTls tls,
        NettyHttpClient http,
        Runnable stop,
        Closing parts) {

    /// Opens the folder as one of that role, with its log. What was opened is in `parts`, also after a failure.
    static Foundation lay(
            ForebayConfig config, GivenKeys given, ServerRole role, Metrics metrics, Runnable stop, Closing parts) {
        Settings<ForebayConfig> settings = Settings.of(ForebayConfig.class);
        DataFolder folder = parts.add(DataFolder.open(config.server().data()));
        Logging.RunningLog log = parts.add(Logging.toFile(folder.file("forebay.log"), config.log()));
        RunningProcess process = new RunningProcess(
                new ProcessLog(log.file(), InstantSource.system()), LogSettings.of(settings.values(config), log));
        ClusterMemory memory = new ClusterMemory(folder, role);
        boolean founds = role.hasGateway() && config.join().gateways().isEmpty();
        ClusterSecret secret = ClusterSecret.of(folder, config.join(), given.token(), founds);
        NodeTls nodeTls = nodeTls(config.cluster().tls(), metrics, parts);
        PortTls tls = new PortTls(nodeTls, clientTls(config.http().tls(), metrics, parts));
        EventLoops loops = parts.add(new EventLoops(config.loops()));
        NettyHttpClient http = parts.add(new NettyHttpClient(config.client(), loops, metrics, nodeTls));
        return new Foundation(
                config,
                settings.text(config),
                given,
                folder,
                process,
                memory,
                new Identities(folder),
                secret,
                new CurrentState(
                        config.cluster().historyCommands(),
                        config.cluster().historySize().bytes()),
                metrics,
                loops,
                tls,
                http,
                stop,
                parts);
    }

    private static @Nullable NodeTls nodeTls(TlsConfig config, Metrics metrics, Closing parts) {
        if (!config.isOn()) {
            return null;
        }
        NodeTls tls = new NodeTls(config, InstantSource.system(), Timers.SYSTEM, metrics);
        tls.start();
        return parts.add(tls);
    }

    private static @Nullable ClientTls clientTls(HttpsConfig config, Metrics metrics, Closing parts) {
        if (!config.isOn()) {
            return null;
        }
        ClientTls tls = new ClientTls(config, InstantSource.system(), Timers.SYSTEM, metrics);
        tls.start();
        return parts.add(tls);
    }

    Secret secret() {
        return clusterSecret.secret();
    }

    /// Throws INVALID_ARGUMENT when a file of one is not as it must be.
    MasterKeys masterKeys() {
        return MasterKeyFiles.read(config.server(), secret());
    }

    /// Lets the process end when the cluster orders that of a node which lives alone in it.
    ///
    /// @param boot names this run of the process
    void stopWhenOrdered(NodeId node, String boot) {
        parts.add(state.subscribe(now -> {
            if (StopOrder.isDue(now, node, boot)) {
                stop.run();
            }
        }));
    }

    /// Lets settings of the cluster state count in this process as they change.
    ///
    /// @param self the process's own node
    void followSettings(NodeId self) {
        parts.add(state.subscribe(now -> process.settings().follow(now, self)));
    }

    /// Starts a part and notes it for closing.
    <T extends Service> T started(T service) {
        service.start();
        return parts.add(service);
    }
}
