package io.forebay.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeChannelTest {
    private static final NodeId NEAR = new NodeId("near");
    private static final NodeId FAR = new NodeId("far");
    private static final NodeId GONE = new NodeId("gone");

    private final List<String> sent = new ArrayList<>();
    private final NodeClient client = new NodeClient(
            (url, request, body) -> {
                sent.add(url + request.target());
                return Reply.text(200, "far");
            },
            node -> node.equals(FAR) ? "http://far:1" : null,
            new Secret("s3cret"));
    private final LocalNodes nodes = new LocalNodes(
            Map.of(NEAR, exchange -> Reply.of(200).with("X-Seen", exchange.id() + " " + exchange.mayWait())), client);

    @Test
    void nearNodesAreCalledDirectlyUnderTheSameThreadRule() {
        Reply reply = nodes.call(outer(false), NEAR, request(), Body.empty());
        assertThat(reply.headers().find("x-seen")).isEqualTo("id-1 false");
        assertThat(sent).isEmpty();
    }

    @Test
    void farNodesAreCalledByThreadsThatMayWait() {
        assertThat(nodes.call(outer(false), FAR, request(), Body.empty()).wouldWait())
                .isTrue();
        assertThat(sent).isEmpty();
        Request request = request();
        assertThat(nodes.call(outer(true), FAR, request, Body.empty()).status()).isEqualTo(200);
        assertThat(sent).containsExactly("http://far:1/v1/objects/b/o");
        assertThat(request.headers().all(NodeHeaders.NODE_SECRET)).containsExactly("s3cret");
        assertThat(request.headers().find(NodeHeaders.REQUEST_ID)).isEqualTo("id-1");
    }

    @Test
    void anUnknownNodeIsUnavailable() {
        assertThatThrownBy(() -> nodes.call(outer(true), GONE, request(), Body.empty()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("gone")
                .extracting(e -> ((StoreException) e).code())
                .isEqualTo(ErrorCode.NODE_UNAVAILABLE);
    }

    private static Request request() {
        return new Request(Method.GET, "/v1/objects/b/o", new Headers());
    }

    private static Exchange outer(boolean mayWait) {
        return new DirectExchange(
                request(), Body.empty(), mayWait, InetSocketAddress.createUnresolved("client", 1), false, "id-1");
    }
}
