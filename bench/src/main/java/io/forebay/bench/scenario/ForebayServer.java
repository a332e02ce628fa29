package io.forebay.bench.scenario;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `forebay server` as people start it, with one storage node, on one processor.
public final class ForebayServer implements Peer {
    private final Launched process;
    private final InetSocketAddress address;
    private final InetSocketAddress control;

    private ForebayServer(Launched process, InetSocketAddress address, InetSocketAddress control) {
        this.process = process;
        this.address = address;
        this.control = control;
    }

    /// Starts a server on a data folder of the scratch folder.
    ///
    /// @param environment further variables; with keys of the root user in it, the server authenticates
    public static ForebayServer start(Home home, RunConfig config, Map<String, String> environment) {
        InetSocketAddress address = Ports.free();
        InetSocketAddress control = Ports.free();
        return started(
                Launched.start(
                        home,
                        "forebay",
                        command(home, config, address, control, environment),
                        all(config, environment)),
                address,
                control);
    }

    /// Starts a server on every processor there is, which builds nothing first: what an operator's restart is.
    public static ForebayServer startOnAll(Home home, RunConfig config) {
        InetSocketAddress address = Ports.free();
        InetSocketAddress control = Ports.free();
        Map<String, String> environment = all(config, Map.of("FOREBAY_NO_BUILD", "1"));
        return started(
                Launched.startOnAll(home, "forebay", command(home, config, address, control, Map.of()), environment),
                address,
                control);
    }

    private static ForebayServer started(Launched process, InetSocketAddress address, InetSocketAddress control) {
        process.await(
                () -> process.output().contains("\nready ") || process.output().startsWith("ready "));
        return new ForebayServer(process, address, control);
    }

    private static List<String> command(
            Home home,
            RunConfig config,
            InetSocketAddress address,
            InetSocketAddress control,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                home.root().resolve("scripts/forebay").toString(),
                "server",
                "--data",
                home.folder("data").toString(),
                "--listen",
                Ports.text(address),
                "--control",
                Ports.text(control),
                "--auth",
                environment.isEmpty() ? "off" : "on"));
        config.settings().forEach(setting -> command.addAll(List.of("--set", setting)));
        return command;
    }

    private static Map<String, String> all(RunConfig config, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("FOREBAY_JAVA_OPTS", config.javaOptions());
        return all;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public long cpuNanos() {
        return process.cpuNanos();
    }

    @Override
    public void close() {
        process.close();
    }

    public long pid() {
        return process.pid();
    }

    /// Ends the server at once, as a crash would.
    public void kill() {
        process.kill();
    }

    /// Requests of an operator.
    public Calls calls() {
        return new Calls(address);
    }

    /// The sum over all series of a metric.
    public double metric(String name) {
        return new Calls(control).metric(name);
    }
}
