package io.forebay.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A network of proxies on the loopback interface, for machines where nothing more is allowed. Linux only: it
/// uses addresses all over 127.0.0.0/8.
///
/// A node listens at an address of its own. Every other node, by its hosts file, knows its name as another
/// address for each pair of them, with the same ports, where a proxy listens: so each link is known for what
/// it is.
public final class ProxyNetwork implements Network {
    private static final int OWN = 0;
    private static final int CLIENT_NUMBER = 255;
    private static final int FIRST_NET = 16;
    private static final int NETS = 224;

    private final Path folder;
    private final int net = FIRST_NET + (int) (ProcessHandle.current().pid() % NETS);
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Map<String, Ports> ports = new TreeMap<>();
    private final Map<String, Map<String, List<LinkProxy>>> proxies = new TreeMap<>();

    private record Ports(int data, int control) {}

    /// @param folder for hosts files
    public ProxyNetwork(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized Place place(String node) {
        Ports own = ports.computeIfAbsent(node, this::freePorts);
        Path hosts = folder.resolve(node + ".hosts");
        writeHosts(hosts, Names.number(node));
        return new Place(node + ":" + own.data(), node + ":" + own.control(), hosts, List.of(), List.of());
    }

    @Override
    public synchronized void open(String node) {
        ports.computeIfAbsent(node, this::freePorts);
        proxies.computeIfAbsent(node, name -> new TreeMap<>());
        // From all nodes to this one; and from this one, when it is new, to those that are open.
        proxies.forEach((to, from) -> {
            from.computeIfAbsent(CLIENT, name -> proxiesOf(name, to));
            for (String other : ports.keySet()) {
                if (!other.equals(to)) {
                    from.computeIfAbsent(other, name -> proxiesOf(name, to));
                }
            }
        });
    }

    private List<LinkProxy> proxiesOf(String from, String to) {
        int source = from.equals(CLIENT) ? CLIENT_NUMBER : Names.number(from);
        int target = Names.number(to);
        Ports at = ports.computeIfAbsent(to, this::freePorts);
        List<LinkProxy> opened = new ArrayList<>();
        for (int port : List.of(at.data(), at.control())) {
            opened.add(new LinkProxy(
                    new InetSocketAddress(address(source, target), port),
                    new InetSocketAddress(address(OWN, target), port),
                    link(from, to),
                    link(to, from)));
        }
        return opened;
    }

    @Override
    public synchronized void shut(String node) {
        Map<String, List<LinkProxy>> opened = proxies.remove(node);
        if (opened != null) {
            opened.values().forEach(pair -> pair.forEach(LinkProxy::close));
        }
    }

    @Override
    public void set(String from, String to, Quality quality) {
        link(from, to).set(quality);
    }

    @Override
    public void heal() {
        links.values().forEach(link -> link.set(Quality.WHOLE));
    }

    @Override
    public boolean canDelay() {
        return true;
    }

    @Override
    public URI reach(URI advertised) {
        return at(CLIENT_NUMBER, advertised);
    }

    @Override
    public URI bypass(URI advertised) {
        return at(OWN, advertised);
    }

    @Override
    public synchronized void close() {
        heal();
        List.copyOf(proxies.keySet()).forEach(this::shut);
    }

    private URI at(int source, URI advertised) {
        String host = text(source, Names.number(advertised.getHost()));
        return URI.create(advertised.getScheme() + "://" + host + ":" + advertised.getPort());
    }

    private Link link(String from, String to) {
        return links.computeIfAbsent(name(from, to), key -> new Link());
    }

    private static String name(String from, String to) {
        return from + " " + to;
    }

    private Ports freePorts(String node) {
        InetAddress own = address(OWN, Names.number(node));
        try (ServerSocket data = new ServerSocket(0, 1, own);
                ServerSocket control = new ServerSocket(0, 1, own)) {
            return new Ports(data.getLocalPort(), control.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeHosts(Path file, int self) {
        StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
        for (String name : Names.all()) {
            int number = Names.number(name);
            text.append(text(number == self ? OWN : self, number))
                    .append(' ')
                    .append(name)
                    .append('\n');
        }
        try {
            Files.createDirectories(folder);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InetAddress address(int source, int target) {
        try {
            return InetAddress.getByAddress(new byte[] {127, (byte) net, (byte) source, (byte) target});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private String text(int source, int target) {
        return "127." + net + "." + source + "." + target;
    }
}
