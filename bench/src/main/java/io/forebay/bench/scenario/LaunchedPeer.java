package io.forebay.bench.scenario;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A server in a process of its own that is nothing but loaded.
public record LaunchedPeer(Launched process, InetSocketAddress address) implements Peer {

    /// Starts a class of ours that serves the files of a folder: its arguments are the folder, the port and what more
    /// is given.
    public static LaunchedPeer ofJava(
            Home home, String name, List<String> javaOptions, String main, Path files, String... more) {
        InetSocketAddress address = Ports.free();
        List<String> command = new ArrayList<>(home.java());
        command.addAll(javaOptions);
        command.addAll(List.of(main, files.toString(), Integer.toString(address.getPort())));
        command.addAll(List.of(more));
        Launched process = Launched.start(home, name, command, Map.of());
        process.await(() -> process.output().contains("ready "));
        return new LaunchedPeer(process, address);
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
