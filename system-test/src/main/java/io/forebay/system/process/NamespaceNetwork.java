package io.forebay.system.process;

import io.forebay.common.error.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A network of Linux network namespaces, one a node, joined by a bridge: real packets that are really lost.
/// Needs root and `ip`.
///
/// A link is cut by telling the sender a hardware address of the receiver that nobody has. Delays need the
/// kernel's
/// `netem`, which is not on every machine, and are left to proxies.
public final class NamespaceNetwork implements Network {
    private static final int DATA = 8080;
    private static final int CONTROL = 8081;
    private static final int CLIENT_NUMBER = 254;
    private static final int FIRST_NET = 16;
    private static final int NETS = 224;
    private static final String NOBODY = "02:00:00:00:00:fe";

    private final Path folder;
    private final int net = FIRST_NET + (int) (ProcessHandle.current().pid() % NETS);
    private final String bridge = "forebay" + net;
    private final Set<String> nodes = new TreeSet<>();
    private final Map<String, String> cuts = new TreeMap<>();

    /// @param folder for hosts files
    public NamespaceNetwork(Path folder) {
        this.folder = folder;
        ip("link add " + bridge + " type bridge");
        ip("addr add " + address(CLIENT_NUMBER) + "/24 dev " + bridge);
        ip("link set " + bridge + " up");
    }

    @Override
    public synchronized Place place(String node) {
        String space = space(node);
        if (nodes.add(node)) {
            String outside = "fb" + net + "-" + Names.number(node);
            ip("netns add " + space);
            ip("link add " + outside + " type veth peer name eth0 netns " + space);
            ip("link set " + outside + " master " + bridge + " up");
            ip("-n " + space + " addr add " + address(Names.number(node)) + "/24 dev eth0");
            ip("-n " + space + " link set eth0 up");
            ip("-n " + space + " link set lo up");
        }
        return new Place(
                node + ":" + DATA,
                node + ":" + CONTROL,
                hosts(),
                List.of("ip", "netns", "exec", space),
                List.of("server.insecure=true"));
    }

    /// A process in a namespace is reached as soon as it listens.
    @Override
    public void open(String node) {
        Check.that(nodes.contains(node), "%s has no place", node);
    }

    @Override
    public void shut(String node) {
        Check.that(nodes.contains(node), "%s has no place", node);
    }

    @Override
    public synchronized void set(String from, String to, Quality quality) {
        Check.argument(
                quality.cut() || quality.equals(Quality.WHOLE), "links between namespaces are whole or cut, not slow");
        String link = from + " " + to;
        String neighbor = "neigh %s " + address(number(to)) + " lladdr " + NOBODY + " nud permanent dev ";
        String command = from.equals(CLIENT) ? neighbor + bridge : "-n " + space(from) + " " + neighbor + "eth0";
        if (quality.cut() && !cuts.containsKey(link)) {
            ip(command.formatted("replace"));
            cuts.put(link, command.formatted("del"));
        } else if (!quality.cut() && cuts.containsKey(link)) {
            ip(cuts.remove(link));
        }
    }

    @Override
    public synchronized void heal() {
        cuts.values().forEach(NamespaceNetwork::ip);
        cuts.clear();
    }

    @Override
    public boolean canDelay() {
        return false;
    }

    @Override
    public URI reach(URI advertised) {
        String host = address(Names.number(advertised.getHost()));
        return URI.create(advertised.getScheme() + "://" + host + ":" + advertised.getPort());
    }

    @Override
    public URI bypass(URI advertised) {
        return reach(advertised);
    }

    @Override
    public synchronized void close() {
        cuts.clear();
        nodes.forEach(node -> ip("netns del " + space(node)));
        nodes.clear();
        ip("link del " + bridge);
    }

    private Path hosts() {
        StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
        for (String name : Names.all()) {
            text.append(address(Names.number(name))).append(' ').append(name).append('\n');
        }
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve("hosts"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int number(String name) {
        return name.equals(CLIENT) ? CLIENT_NUMBER : Names.number(name);
    }

    private String space(String node) {
        return bridge + "-" + Names.number(node);
    }

    private String address(int number) {
        return "10." + net + ".0." + number;
    }

    private static void ip(String words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words.split(" ", -1)));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Check.that(process.waitFor() == 0, "ip %s: %s", words, output.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
