package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Node;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.control.JoinReply;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.vertx.VertxHttpServer;
import io.forebay.protocol.http.vertx.VertxServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that joins through a gateway which fails in passing, over HTTP.
final class ClusterLinkTest {
    private static final NodeErrors ERRORS = new NodeErrors("p[g1]");

    @TempDir
    private Path folder;

    private final Closing closing = new Closing();
    private final Queue<StoreException> failures = new ArrayDeque<>();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        closing.close();
    }

    @Test
    void joinGoesOnWhileNobodyLeadsAndWhileTheLeaderFailsInPassing() {
        failures.add(new StoreException(ErrorCode.NOT_LEADER, "gateway g1 does not lead"));
        failures.add(new StoreException(ErrorCode.INTERNAL, "the command log refused a command"));
        failures.add(new StoreException(ErrorCode.DEADLINE_EXCEEDED, "the command was not ordered within 10000 ms"));
        failures.add(new StoreException(ErrorCode.NODE_UNAVAILABLE, "no majority of the voters answers"));
        assertThat(join("30s")).isTrue();
        assertThat(calls).hasValue(5);
    }

    @Test
    void refusalEndsTheStartAtOnce() {
        failures.add(new StoreException(ErrorCode.IN_USE, "node t1 has data of cluster other"));
        assertThatThrownBy(() -> join("30s")).hasMessageContaining("has data of cluster other");
        assertThat(calls).hasValue(1);
    }

    @Test
    void patienceEndsWithTheLastFailure() {
        failures.addAll(List.of(
                new StoreException(ErrorCode.BUSY, "first"),
                new StoreException(ErrorCode.BUSY, "second"),
                new StoreException(ErrorCode.BUSY, "third")));
        assertThatThrownBy(() -> join("1ms"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
    }

    private boolean join(String patience) {
        Metrics metrics = new Metrics();
        VertxHttpServer gateway = new VertxHttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                this::answer,
                Settings.defaults(VertxServerConfig.class),
                metrics);
        gateway.start();
        closing.add(gateway);
        ForebayConfig config = Settings.of(ForebayConfig.class)
                .bind(Map.of(
                        "server.data",
                        folder.toString(),
                        "join.gateways",
                        "http://127.0.0.1:" + gateway.address().getPort(),
                        "join.token",
                        "0123456789abcdef0123456789abcdef",
                        "join.patience",
                        patience));
        Foundation base = Foundation.lay(config, GivenKeys.NONE, ServerRole.STORAGE_NODE, metrics, () -> {}, closing);
        return new ClusterLink(base)
                .join(new NodeId("t1"), Node.Role.STORAGE, "http://127.0.0.1:1", "http://127.0.0.1:2", "c1");
    }

    private Reply answer(Exchange exchange) {
        calls.incrementAndGet();
        StoreException failure = failures.poll();
        if (failure == null) {
            return JsonReply.of(new JoinReply("c1", 7, true));
        }
        Reply reply = ERRORS.render(failure, exchange);
        return failure.code() == ErrorCode.NOT_LEADER ? NodeErrors.misdirected(reply, null) : reply;
    }
}
