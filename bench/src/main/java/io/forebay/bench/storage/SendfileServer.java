package io.forebay.bench.storage;

import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Launched;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Ports;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The bare sendfile server in a process of its own.
final class SendfileServer implements Peer {
    private final Launched process;
    private final InetSocketAddress address;

    private SendfileServer(Launched process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /// Serves the files of a folder.
    static SendfileServer start(Home home, Path files) {
        InetSocketAddress address = Ports.free();
        List<String> command = new ArrayList<>(home.java());
        command.addAll(List.of(SendfileMain.class.getName(), files.toString(), Integer.toString(address.getPort())));
        Launched process = Launched.start(home, "sendfile", command, Map.of());
        process.await(() -> process.output().contains("ready "));
        return new SendfileServer(process, address);
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
