package io.forebay.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.TestCluster;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.client.NodeClient;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.RawClient;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.EventLoops;
import io.forebay.protocol.http.netty.HttpClientConfig;
import io.forebay.protocol.http.netty.NettyHttpClient;
import io.forebay.protocol.http.netty.NettyHttpServer;
import io.forebay.protocol.http.netty.Transport;
import io.forebay.protocol.http.netty.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reads by S3 of objects that a storage node in another process has: over sockets, and without a thread where nothing
/// goes wrong.
class RemoteReadIT {
    private static final NodeId NODE = new NodeId("t1");
    private static final String TEXT = "what an object has".repeat(1000);

    private final Metrics metrics = new Metrics();
    private final EventLoops loops = new EventLoops(new EventLoopConfig(Transport.AUTO, 1));
    private final NettyHttpClient client = new NettyHttpClient(HttpClientConfig.defaults(), loops, metrics);
    private final TestCluster objects = TestCluster.local("t1").bucket("bucket", Map.of());
    private final NettyHttpServer node = server(this::answer, new Metrics());
    private final NodeClient channel =
            new NodeClient(client, id -> "http://127.0.0.1:" + node.address().getPort(), new Secret("s3cret"));
    private final TestCluster cluster = TestCluster.answering(channel).bucket("bucket", Map.of());
    private final NettyHttpServer gateway = server(cluster.handler(), metrics);
    /// What the node answers next with, before it answers as it should.
    private final Queue<ErrorCode> failures = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() throws IOException {
        node.start();
        gateway.start();
        Headers length = new Headers().add("Content-Length", TEXT.length());
        assertThat(objects.call(Method.PUT, "/bucket/o", length, TEXT).status()).isEqualTo(200);
        try (RawClient first = new RawClient(gateway.address())) {
            assertThat(first.get("/bucket/o").status()).isEqualTo(200);
        }
        assertThat(handedOver()).as("the node's address is looked up").isEqualTo(1);
    }

    @AfterEach
    void close() {
        gateway.close();
        client.close();
        node.close();
        loops.close();
        cluster.close();
        objects.close();
    }

    @Test
    void answersWithoutAThread() throws IOException {
        try (RawClient reader = new RawClient(gateway.address())) {
            for (String path : new String[] {"/bucket/o", "/s3/bucket/o"}) {
                RawClient.Response read = reader.get(path);
                assertThat(read.text()).isEqualTo(TEXT);
                assertThat(read.header("accept-ranges")).isEqualTo("bytes");
                assertThat(read.header("etag")).isNotEmpty();
                assertThat(read.headers()).doesNotContainKey("forebay-etag");
            }
            reader.send("HEAD /bucket/o HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(reader.read(false).header("content-length")).isEqualTo("" + TEXT.length());
            RawClient.Response absent = reader.get("/bucket/none");
            assertThat(absent.status()).isEqualTo(404);
            assertThat(absent.text()).contains("<Code>NoSuchKey</Code>");
            failures.add(ErrorCode.RANGE_NOT_SATISFIABLE);
            reader.send("GET /bucket/o HTTP/1.1\r\nHost: h\r\nRange: bytes=999999-\r\n\r\n");
            assertThat(reader.read().text()).contains("<Code>InvalidRange</Code>");
        }
        assertThat(handedOver()).isEqualTo(1);
    }

    @Test
    void goesAgainOnAThreadWhereTheNodeMayNotServe() throws IOException {
        try (RawClient reader = new RawClient(gateway.address())) {
            failures.add(ErrorCode.NODE_UNAVAILABLE);
            assertThat(reader.get("/bucket/o").text()).isEqualTo(TEXT);
            assertThat(handedOver()).isEqualTo(2);
            assertThat(rerouted()).as("once on the loop, then on a thread").isZero();
            failures.add(ErrorCode.NODE_UNAVAILABLE);
            failures.add(ErrorCode.NODE_UNAVAILABLE);
            assertThat(reader.get("/bucket/o").text()).isEqualTo(TEXT);
            assertThat(rerouted()).isEqualTo(1);
        }
    }

    @Test
    void goesAgainUnderANewerStateWhereTheNodeIsNotTheOwner() throws IOException {
        try (RawClient reader = new RawClient(gateway.address())) {
            failures.add(ErrorCode.NOT_OWNER);
            failures.add(ErrorCode.NOT_OWNER);
            assertThat(reader.get("/bucket/o").text()).isEqualTo(TEXT);
            assertThat(rerouted()).isEqualTo(1);
        }
    }

    private Reply answer(Exchange exchange) {
        ErrorCode failure = failures.poll();
        if (failure == null) {
            return objects.nodes().call(exchange, NODE, exchange.request(), exchange.body());
        }
        if (failure == ErrorCode.NOT_OWNER) {
            cluster.commands().submit(new Command.ChangeSettings(Map.of("a", "b" + failures.size())));
        }
        return new NodeErrors("t[t1]")
                .render(new StoreException(failure, "not now"), exchange)
                .with(
                        NodeHeaders.STATE_VERSION,
                        Long.toString(cluster.state().current().version()));
    }

    private long handedOver() {
        return sample("forebay_http_requests_handed_over_total");
    }

    private long rerouted() {
        return cluster.metrics()
                .text()
                .lines()
                .filter(line -> line.startsWith("forebay_gateway_reroutes_total "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private long sample(String name) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .sum();
    }

    private NettyHttpServer server(Handler handler, Metrics measured) {
        return new NettyHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                handler,
                Settings.defaults(WireConfig.class),
                loops,
                measured);
    }
}
