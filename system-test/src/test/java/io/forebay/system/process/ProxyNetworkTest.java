package io.forebay.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyNetworkTest {
    private static final String NODE = "gateway-1";

    @TempDir
    private Path folder;

    private ProxyNetwork network = new ProxyNetwork(Path.of("."));
    private URI advertised = URI.create("http://unused:1");
    private ServerSocket server = unbound();

    @BeforeEach
    void listen() throws IOException {
        network = new ProxyNetwork(folder);
        advertised = URI.create("http://" + network.place(NODE).listen());
        network.place("gateway-2");
        URI own = network.bypass(advertised);
        server = new ServerSocket(own.getPort(), 10, InetAddress.getByName(own.getHost()));
        network.open(NODE);
        network.open("gateway-2");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        network.close();
    }

    @Test
    void bytesPassBothWaysAndSoDoesTheEnd() throws IOException {
        try (Socket client = connected(network.reach(advertised));
                Socket taken = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(taken.getInputStream().read()).isEqualTo(7);
            taken.getOutputStream().write(8);
            assertThat(client.getInputStream().read()).isEqualTo(8);
            client.shutdownOutput();
            assertThat(taken.getInputStream().read()).isEqualTo(-1);
            taken.getOutputStream().write(9);
            taken.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).containsExactly(9);
        }
    }

    @Test
    void whatIsSentOverACutLinkArrivesWhenItIsWholeAgain() throws IOException {
        try (Socket client = connected(network.reach(advertised));
                Socket taken = server.accept()) {
            network.set(Network.CLIENT, NODE, Quality.CUT);
            client.getOutputStream().write(7);
            taken.getOutputStream().write(8);
            assertThat(client.getInputStream().read())
                    .as("the other way is whole")
                    .isEqualTo(8);
            assertThat(taken.getInputStream().available()).isZero();
            network.set(Network.CLIENT, NODE, Quality.slow(Duration.ofMillis(1), 1 << 20));
            assertThat(taken.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void linksOfOtherNodesStayWhole() throws IOException {
        network.set(Network.CLIENT, NODE, Quality.CUT);
        network.set(NODE, Network.CLIENT, Quality.CUT);
        String other = Files.readAllLines(folder.resolve("gateway-2.hosts")).stream()
                .filter(line -> line.endsWith(" " + NODE))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
        try (Socket client = connected(URI.create("http://" + other + ":" + advertised.getPort()));
                Socket taken = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(taken.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void nodeThatIsShutRefusesConnections() throws IOException {
        network.shut(NODE);
        assertThatThrownBy(() -> connected(network.reach(advertised))).isInstanceOf(IOException.class);
        network.open(NODE);
        try (Socket client = connected(network.reach(advertised));
                Socket taken = server.accept()) {
            client.getOutputStream().write(7);
            assertThat(taken.getInputStream().read()).isEqualTo(7);
        }
    }

    private static Socket connected(URI url) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 20_000);
        return socket;
    }

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
