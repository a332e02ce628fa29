package io.forebay.bench.scenario;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The wire engine alone, serving the files that nginx serves.
final class EngineServer implements Peer {
    private static final String MAIN = "io.forebay.bench.engine.EngineMain";

    private final Launched process;
    private final InetSocketAddress address;

    private EngineServer(Launched process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    static EngineServer start(Home home, Path files, String transport, String javaOptions) {
        InetSocketAddress address = Ports.free();
        List<String> command = new ArrayList<>(home.java());
        command.addAll(List.of(javaOptions.strip().split("\\s+", -1)));
        command.addAll(List.of(MAIN, files.toString(), Integer.toString(address.getPort()), transport));
        Launched process = Launched.start(home, "engine-" + transport, command, Map.of());
        process.await(() -> process.output().contains("ready "));
        return new EngineServer(process, address);
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
}
