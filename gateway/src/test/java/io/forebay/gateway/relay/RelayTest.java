package io.forebay.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.SteerableTime;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final ObjectKey KEY = new ObjectKey(BucketName.of("b"), "o");

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final LongAdder rerouted = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final SteerableTime ticker = new SteerableTime();
    private final List<String> sent = new ArrayList<>();

    RelayTest() {
        join("node1");
        log.submit(new Command.CreateBucket(KEY.bucket(), 1, Map.of()));
    }

    @Test
    void requestCarriesTheVersionThatItWasRoutedBy() {
        Reply reply = relay((outer, node, request, body) -> {
                    record(node, request);
                    return Reply.of(200);
                })
                .toOwner(waiting(true), KEY, Method.GET, "partNumber=3", new Headers(), Body.empty());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(sent).containsExactly("node1 2 /v1/objects/b/o?provider=ais&partNumber=3");
    }

    @Test
    void misroutedRequestGoesOnceMoreUnderANewerState() {
        Relay relay = relay(ownerIs("node2", true));
        Reply reply = relay.toOwner(waiting(true), KEY, Method.PUT, "", new Headers(), MemoryBody.of(new byte[3]));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1)).startsWith("node2 ");
        assertThat(rerouted.sum()).isEqualTo(1);
    }

    @Test
    void misroutedRequestWhoseBodyWasTouchedIsNotSentAgain() {
        Relay relay = relay((outer, node, request, body) -> {
            body.next();
            return ownerIs("node2", true).call(outer, node, request, body);
        });
        Reply reply = relay.toOwner(waiting(true), KEY, Method.PUT, "", new Headers(), MemoryBody.of(new byte[3]));
        assertThat(NodeErrors.read(reply).code()).isEqualTo(ErrorCode.NOT_OWNER);
        assertThat(sent).hasSize(1);
    }

    @Test
    void misroutedRequestStaysSoWhereNoNewerStateIsKnown() {
        Relay relay = relay(ownerIs("node2", false));
        Reply reply = relay.toOwner(waiting(true), KEY, Method.GET, "", new Headers(), Body.empty());
        assertThat(NodeErrors.read(reply).code()).isEqualTo(ErrorCode.NOT_OWNER);
        assertThat(sent).hasSize(1);
        assertThat(gaveUp.sum()).isEqualTo(1);
    }

    /// The node that serves next may be told later than the gateway that the first one is gone.
    @Test
    void requestIsSentAgainWhileNodesAreUnavailable() {
        Relay relay = relay((outer, node, request, body) -> {
            record(node, request);
            if (sent.size() == 1) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "cannot reach it");
            }
            return sent.size() == 2 ? failed(outer, request, ErrorCode.NODE_UNAVAILABLE) : Reply.of(200);
        });
        Reply reply = relay.toOwner(waiting(true), KEY, Method.GET, "", new Headers(), Body.empty());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(sent).hasSize(3);
        assertThat(rerouted.sum()).isEqualTo(2);
        assertThat(gaveUp.sum()).isZero();
    }

    /// Each answer comes with a newer state, and none is of the owner.
    @Test
    void misroutedRequestIsNotSentAgainForEver() {
        Relay relay = relay((outer, node, request, body) -> {
            record(node, request);
            ticker.advance(Duration.ofMillis(8));
            log.submit(new Command.ChangeSettings(Map.of("a", "b" + sent.size())));
            return misrouted(outer, request, state.current().version());
        });
        Reply reply = relay.toOwner(waiting(true), KEY, Method.GET, "", new Headers(), Body.empty());
        assertThat(NodeErrors.read(reply).code()).isEqualTo(ErrorCode.NOT_OWNER);
        assertThat(sent).hasSize(4);
    }

    @Test
    void requestIsNotSentAgainForEver() {
        Relay relay = relay((outer, node, request, body) -> {
            record(node, request);
            ticker.advance(Duration.ofMillis(8));
            return failed(outer, request, ErrorCode.NODE_UNAVAILABLE);
        });
        Reply reply = relay.toOwner(waiting(true), KEY, Method.GET, "", new Headers(), Body.empty());
        assertThat(NodeErrors.read(reply).code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
        assertThat(sent).hasSize(4);
        assertThat(gaveUp.sum()).isEqualTo(1);
    }

    /// It may have been done.
    @Test
    void requestThatWasLostOnItsWayIsRepeatedOnlyWhereThatChangesNothing() {
        Relay relay = relay((outer, node, request, body) -> {
            record(node, request);
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the connection failed");
        });
        assertThatThrownBy(() -> relay.toOwner(waiting(true), KEY, Method.DELETE, "", new Headers(), Body.empty()))
                .hasMessage("the connection failed");
        assertThat(sent).hasSize(1);
    }

    @Test
    void neverWaitsOnAnEventLoop() {
        Relay relay = relay(ownerIs("node2", true));
        Reply reply = relay.toOwner(waiting(false), KEY, Method.GET, "", new Headers(), Body.empty());
        assertThat(reply.wouldWait()).isTrue();
    }

    @Test
    void stateThatNeverArrivesIsTold() {
        Relay relay = relay((outer, node, request, body) -> misrouted(outer, request, 99));
        assertThatThrownBy(() -> relay.toOwner(waiting(true), KEY, Method.GET, "", new Headers(), Body.empty()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STALE_MAP));
    }

    @Test
    void unknownBucketIsToldWithoutAskingANode() {
        Relay relay = relay(ownerIs("node1", false));
        ObjectKey key = new ObjectKey(BucketName.of("other"), "o");
        assertThatThrownBy(() -> relay.toOwner(waiting(true), key, Method.GET, "", new Headers(), Body.empty()))
                .hasMessage("bucket \"ais://other\" does not exist");
        assertThat(sent).isEmpty();
    }

    /// Nodes that give the key to that one; the first who is asked wrongly lets the state change, if it may.
    private NodeChannel ownerIs(String owner, boolean changes) {
        return (outer, node, request, body) -> {
            record(node, request);
            if (node.value().equals(owner)) {
                return Reply.of(200);
            }
            if (changes) {
                log.submit(new Command.SetPhase(node, Node.Phase.OFFLINE));
                join(owner);
                log.submit(new Command.Activate(state.current().newestEpoch().number()));
            }
            return misrouted(outer, request, state.current().version());
        };
    }

    private static Reply failed(Exchange outer, Request request, ErrorCode code) {
        return new NodeErrors("t[x]")
                .render(new StoreException(code, "not now"), DirectExchange.within(outer, request, Body.empty()));
    }

    private static Reply misrouted(Exchange outer, Request request, long version) {
        StoreException failure = new StoreException(ErrorCode.NOT_OWNER, "not mine");
        return new NodeErrors("t[x]")
                .render(failure, DirectExchange.within(outer, request, Body.empty()))
                .with(NodeHeaders.STATE_VERSION, Long.toString(version));
    }

    private Relay relay(NodeChannel channel) {
        return new Relay(
                new Router(state, Duration.ofMillis(20)), channel, Duration.ofMillis(20), ticker, rerouted, gaveUp);
    }

    private void record(NodeId node, Request request) {
        sent.add(node + " " + request.headers().all(NodeHeaders.STATE_VERSION).getFirst() + " " + request.target());
        assertThat(request.headers().all(NodeHeaders.STATE_VERSION)).hasSize(1);
    }

    private void join(String id) {
        log.submit(new Command.Join(
                new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
    }

    private static Exchange waiting(boolean mayWait) {
        return new DirectExchange(
                new Request(Method.GET, "/", new Headers()),
                Body.empty(),
                mayWait,
                InetSocketAddress.createUnresolved("client", 1),
                false,
                "id");
    }
}
