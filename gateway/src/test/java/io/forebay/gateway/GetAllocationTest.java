package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A small GET passes the gateway with few small objects, whatever the object's size: what it allocates is
/// bounded here.
class GetAllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int CALLS = 20_000;

    /// Measured 880 bytes; the limit leaves room for another JDK.
    @Test
    void readsAllocateLittleBesideTheNode() {
        Reply reply = Reply.of(200);
        TestCluster cluster = TestCluster.answering((outer, node, request, body) -> reply);
        cluster.bucket("bucket", Map.of());
        assertThat(bytesPerCall(cluster.handler(), "/v1/objects/bucket/folder/name-000001.jpg?provider=ais"))
                .isLessThan(1_200);
    }

    private static long bytesPerCall(Handler handler, String target) {
        Headers headers = new Headers()
                .add("Host", "127.0.0.1:8080")
                .add("User-Agent", "ais/python/2.0.0")
                .add("Accept-Encoding", "gzip, deflate")
                .add("Accept", "*/*")
                .add("Connection", "keep-alive")
                .add("Content-Type", "application/json");
        Exchange exchange = new DirectExchange(
                new Request(Method.GET, target, headers),
                Body.empty(),
                false,
                InetSocketAddress.createUnresolved("client", 1),
                false,
                "id");
        for (int index = 0; index < WARM_UP; index++) {
            handler.handle(exchange);
        }
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int index = 0; index < CALLS; index++) {
            handler.handle(exchange);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
}
