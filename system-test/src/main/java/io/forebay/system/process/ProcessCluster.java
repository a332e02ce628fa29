package io.forebay.system.process;

import io.forebay.common.error.Check;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.NodeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import io.forebay.system.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A cluster of real processes, each a gateway or a storage node with a data folder of its name. Used by one
/// thread.
public final class ProcessCluster implements AutoCloseable {
    public static final String GATEWAY = "gateway";
    public static final String STORAGE_NODE = "storage-node";

    private static final int ADMIN_PATIENCE_MILLIS = 5_000;
    private static final int START_ATTEMPTS = 5;
    /// The exit code of a JVM that SIGTERM has ended.
    private static final int STOPPED = 143;
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final Plan plan;
    private final Network network;
    private final Map<String, Member> members = new TreeMap<>();
    private final WallClocks clocks;
    private int lastGateway;
    private int lastStorageNode;
    private String lastErrors = "";

    /// What a cluster is made of.
    ///
    /// @param layout the folder of the command's jars
    /// @param data folder of all data folders
    /// @param settings of every node, `KEY=VALUE`
    /// @param before what comes before the layout's jars on the class path
    public record Plan(
            Path layout, Path data, int gateways, int storageNodes, List<String> settings, List<Path> before) {
        public Plan {
            settings = List.copyOf(settings);
            before = List.copyOf(before);
        }
    }

    /// A node: its process is gone while it is down.
    private static final class Member {
        private final Network.Place place;
        private Path layout;
        private @Nullable ServerProcess process;
        private boolean paused;

        private Member(Network.Place place, Path layout) {
            this.place = place;
            this.layout = layout;
        }
    }

    /// Starts a new cluster, and returns when all its nodes are ready.
    public ProcessCluster(Plan plan, Network network) {
        this.plan = plan;
        this.network = network;
        this.clocks = new WallClocks(plan.layout(), plan.data());
        // One after the other: starts compete for processors with the gateways that they need.
        try {
            for (int index = 0; index < plan.gateways(); index++) {
                add(GATEWAY);
            }
            for (int index = 0; index < plan.storageNodes(); index++) {
                add(STORAGE_NODE);
            }
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /// All nodes that have not left, whether they are up or not.
    public List<String> names() {
        return List.copyOf(members.keySet());
    }

    public List<String> names(String role) {
        return members.keySet().stream()
                .filter(name -> role.equals(roleOf(name)))
                .toList();
    }

    public boolean isUp(String name) {
        ServerProcess process = member(name).process;
        return process != null && process.isAlive();
    }

    public URI dataUrl(String name) {
        return URI.create("http://" + member(name).place.listen());
    }

    public URI controlUrl(String name) {
        return URI.create("http://" + member(name).place.control());
    }

    public Network network() {
        return network;
    }

    /// Ends a process as a crash would (SIGKILL), and waits until it is gone.
    public void kill(String name) {
        Member member = member(name);
        up(name).kill();
        member.process = null;
        member.paused = false;
        network.shut(name);
    }

    /// Starts a node that is down, and returns when it is ready; again when it ends instead, as whatever
    /// starts nodes would. Throws IllegalStateException when it has ended too often.
    public void start(String name) {
        for (int attempt = 1; !started(name); attempt++) {
            if (attempt == START_ATTEMPTS) {
                throw new IllegalStateException(name + " did not start: " + lastErrors);
            }
        }
    }

    /// Stops a node as an operator would (SIGTERM), and starts it again from another build's jars. Throws
    /// IllegalStateException when it does not end well.
    public void replace(String name, Path layout) {
        Member member = member(name);
        ServerProcess process = up(name);
        process.terminate();
        int exit = process.exitCode();
        Check.that(exit == STOPPED, "%s ended with %s: %s", name, exit, process.errors());
        member.process = null;
        member.paused = false;
        network.shut(name);
        member.layout = layout;
        start(name);
    }

    /// Stops all threads of a process where they are (SIGSTOP), until `resume`.
    public void pause(String name) {
        up(name).suspend();
        member(name).paused = true;
    }

    public void resume(String name) {
        up(name).resume();
        member(name).paused = false;
    }

    public boolean isPaused(String name) {
        return member(name).paused;
    }

    /// Lets the wall clock of a node that is up and runs jump to so much before or after the machine's, until its
    /// process ends. Throws IllegalStateException when the node does not tell that time.
    public void shiftClock(String name, Duration shift) {
        clocks.set(up(name).pid(), shift);
        try (RawHttp http = new RawHttp(network.bypass(controlUrl(name)), ADMIN_PATIENCE_MILLIS)) {
            String date = http.send("GET", "/health").header("date");
            Instant told = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
            Duration off = Duration.between(Instant.now().plus(shift), told).abs();
            Check.that(off.compareTo(CLOCK_TOLERANCE) < 0, "the clock of %s says %s, off by %s", name, date, off);
        }
    }

    /// Ends what `shiftClock` did, whether the node runs or not.
    public void restoreClock(String name) {
        if (isUp(name) && clocks.isShifted(up(name).pid())) {
            clocks.set(up(name).pid(), Duration.ZERO);
        }
    }

    /// Starts a new node of a role, which joins, and gives its name.
    public String add(String role) {
        String name = nextName(role);
        start(name);
        return name;
    }

    /// A node that has left the cluster ends, and its data goes.
    public void forget(String name) {
        if (member(name).process != null) {
            kill(name);
        }
        members.remove(name);
    }

    /// The cluster as its leader sees it, by the first gateway that tells; null when none does.
    public @Nullable NodeStatuses statuses() {
        for (String gateway : names(GATEWAY)) {
            if (isUp(gateway) && !isPaused(gateway)) {
                Answer answer = ask(gateway, "GET", new byte[0]);
                if (answer != null && answer.status() == 200) {
                    return WireJson.read(answer.body(), NodeStatuses.class);
                }
            }
        }
        return null;
    }

    /// The gateway that leads, or null when nobody knows.
    public @Nullable String leader() {
        NodeStatuses statuses = statuses();
        if (statuses != null) {
            for (NodeStatus node : statuses.nodes()) {
                if (node.leads()) {
                    return URI.create(node.controlUrl()).getHost();
                }
            }
        }
        return null;
    }

    /// Gives an order about a node, and says what was answered: null when it was taken.
    public @Nullable String order(String action, String name) {
        NodeStatuses statuses = statuses();
        if (statuses == null) {
            return "no gateway tells who belongs to the cluster";
        }
        String id = "";
        for (NodeStatus node : statuses.nodes()) {
            if (name.equals(URI.create(node.dataUrl()).getHost())) {
                id = node.id();
            }
        }
        Answer answer = null;
        for (String gateway : names(GATEWAY)) {
            if (isUp(gateway) && !isPaused(gateway)) {
                answer = ask(gateway, "POST", WireJson.write(new NodeOrder(action, id, false)));
                if (answer != null && answer.status() == 200) {
                    return null;
                }
            }
        }
        return answer == null ? "no gateway answers" : answer.text();
    }

    /// What a node wrote to standard error since it was started last.
    public String errors(String name) {
        ServerProcess process = member(name).process;
        return process == null ? "" : process.errors();
    }

    @Override
    public void close() {
        for (Member member : members.values()) {
            if (member.process != null) {
                member.process.kill();
            }
        }
    }

    private @Nullable Answer ask(String gateway, String method, byte[] message) {
        String headers = "Content-Type: application/json\r\n" + NodeHeaders.NODE_SECRET + ": " + token() + "\r\n";
        try (RawHttp http = new RawHttp(network.bypass(controlUrl(gateway)), ADMIN_PATIENCE_MILLIS)) {
            return http.send(method, "/admin/cluster", headers, message);
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    private String nextName(String role) {
        String name = role + "-" + (role.equals(GATEWAY) ? ++lastGateway : ++lastStorageNode);
        members.put(name, new Member(network.place(name), plan.layout()));
        return name;
    }

    private void launch(String name) {
        Member member = member(name);
        Check.that(member.process == null, "%s is up", name);
        Path folder = plan.data().resolve(name);
        List<String> words = new ArrayList<>(List.of(
                roleOf(name),
                "--data",
                folder.toString(),
                "--listen",
                member.place.listen(),
                "--control",
                member.place.control()));
        List<String> settings = new ArrayList<>(plan.settings());
        settings.addAll(member.place.settings());
        settings.forEach(setting -> words.addAll(List.of("--set", setting)));
        boolean founds = name.equals(GATEWAY + "-1");
        if (!founds && !Files.exists(folder.resolve("cluster-secret"))) {
            names(GATEWAY).stream()
                    .filter(gateway -> !gateway.equals(name) && isUp(gateway))
                    .forEach(gateway ->
                            words.addAll(List.of("--join", controlUrl(gateway).toString())));
        }
        network.open(name);
        member.process = ServerProcess.launch(new ServerProcess.Launch(
                member.layout,
                plan.data(),
                founds ? Map.of() : Map.of("FOREBAY_TOKEN", token()),
                member.place.prefix(),
                plan.before(),
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Djdk.net.hosts.file=" + member.place.hosts()),
                words));
    }

    private boolean started(String name) {
        launch(name);
        ServerProcess process = up(name);
        process.awaitReady();
        if (process.isReady()) {
            return true;
        }
        process.kill();
        lastErrors = process.errors();
        member(name).process = null;
        network.shut(name);
        return false;
    }

    private String token() {
        try {
            return Files.readString(
                            plan.data().resolve(GATEWAY + "-1").resolve("cluster-secret"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw new IllegalStateException("there is no node " + name);
        }
        return member;
    }

    private ServerProcess up(String name) {
        ServerProcess process = member(name).process;
        if (process == null) {
            throw new IllegalStateException(name + " is down");
        }
        return process;
    }

    private static String roleOf(String name) {
        return name.substring(0, name.lastIndexOf('-'));
    }
}
