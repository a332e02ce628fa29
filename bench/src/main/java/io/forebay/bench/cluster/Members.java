package io.forebay.bench.cluster;

import io.forebay.bench.scenario.Calls;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Launched;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Ports;
import io.forebay.bench.scenario.RunConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One gateway and storage nodes, each a process as people start it, all on one processor.
final class Members implements Peer {
    private final Home home;
    private final RunConfig config;
    private final List<Member> all = new ArrayList<>();

    /// A node's process.
    record Member(Launched process, InetSocketAddress address, InetSocketAddress control) {
        double metric(String name) {
            return new Calls(control).metric(name);
        }
    }

    private Members(Home home, RunConfig config) {
        this.home = home;
        this.config = config;
    }

    /// Starts a cluster in a folder of the scratch folder.
    static Members start(Home home, RunConfig config, int storageNodes) {
        Members members = new Members(home, config);
        boolean complete = false;
        try {
            members.start("gateway", "gateway", List.of());
            for (int number = 0; number < storageNodes; number++) {
                members.join();
            }
            complete = true;
            return members;
        } finally {
            if (!complete) {
                members.close();
            }
        }
    }

    /// Starts one more storage node.
    Member join() {
        Path token = home.folder("gateway").resolve("cluster-secret");
        return start(
                "storage-node-" + all.size(),
                "storage-node",
                List.of(
                        "--join",
                        "http://" + Ports.text(all.getFirst().control()),
                        "--token",
                        read(token).strip()));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Member start(String name, String role, List<String> more) {
        InetSocketAddress address = Ports.free();
        InetSocketAddress control = Ports.free();
        List<String> command = new ArrayList<>(List.of(
                home.root().resolve("scripts/forebay").toString(),
                role,
                "--data",
                home.folder(name).toString(),
                "--listen",
                Ports.text(address),
                "--control",
                Ports.text(control),
                "--auth",
                "off"));
        command.addAll(more);
        config.settings().forEach(setting -> command.addAll(List.of("--set", setting)));
        Map<String, String> environment =
                new HashMap<>(Map.of("FOREBAY_NO_BUILD", "1", "FOREBAY_JAVA_OPTS", config.javaOptions()));
        Launched process = Launched.start(home, name, command, environment);
        Member member = new Member(process, address, control);
        all.add(member);
        process.await(() -> ("\n" + process.output()).contains("\nready "));
        return member;
    }

    Member gateway() {
        return all.getFirst();
    }

    List<Member> storageNodes() {
        return List.copyOf(all.subList(1, all.size()));
    }

    Calls calls() {
        return new Calls(address());
    }

    @Override
    public InetSocketAddress address() {
        return gateway().address();
    }

    @Override
    public long cpuNanos() {
        return all.stream().mapToLong(member -> member.process().cpuNanos()).sum();
    }

    /// Storage nodes first: they have somebody to say goodbye to.
    @Override
    public void close() {
        all.reversed().forEach(member -> member.process().close());
    }
}
