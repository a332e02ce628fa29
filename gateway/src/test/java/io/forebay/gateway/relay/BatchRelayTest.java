package io.forebay.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.SteerableTime;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.batch.SentBytes;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Batches of nodes that are functions here, and stop where the test wants.
final class BatchRelayTest {
    private static final String ARCHIVE = "the bytes of an archive";
    private static final List<NodeId> PREFERRED = List.of(new NodeId("node2"), new NodeId("node1"));

    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final SteerableTime ticker = new SteerableTime();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder broken = new LongAdder();
    private final List<String> asked = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final Map<String, Maker> makers = new HashMap<>();

    /// How a node makes the batch.
    ///
    /// @param archive what it would send
    /// @param stopsAt after how many bytes it stops, in all
    /// @param length that it tells
    private record Maker(String archive, int stopsAt, long length) {}

    BatchRelayTest() {
        for (String id : List.of("node1", "node2", "node3")) {
            log.submit(new Command.Join(
                    new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:1", Node.Phase.ACTIVE)));
            makers.put(id, new Maker(ARCHIVE, Integer.MAX_VALUE, -1));
        }
    }

    @Test
    void theNodeThatOwnsMostIsAskedFirstAndSaidWhenItIs() {
        assertThat(text(ask())).isEqualTo(ARCHIVE);
        assertThat(asked).containsExactly("node2 5000 -");
        assertThat(closed).containsExactly("node2");
    }

    @Test
    void anotherNodeSendsTheRest() {
        makers.put("node2", new Maker(ARCHIVE, 7, -1));
        assertThat(text(ask())).isEqualTo(ARCHIVE);
        assertThat(asked).containsExactly("node2 5000 -", "node1 5000 7");
        assertThat(closed).containsExactly("node2", "node1");
        assertThat(resumed.sum()).isEqualTo(1);
        assertThat(broken.sum()).isZero();
    }

    @Test
    void aNodeThatStoppedIsAskedAgainOnceAnotherWentOn() {
        makers.put("node2", new Maker(ARCHIVE, 0, -1));
        makers.put("node1", new Maker(ARCHIVE, 3, -1));
        makers.put("node3", new Maker("something else", 20, -1));
        PayloadSource body = new PayloadSource(ask().payload());
        assertThat(piece(body)).isEqualTo("t");
        assertThat(piece(body)).isEqualTo("h");
        assertThat(piece(body)).isEqualTo("e");
        makers.put("node2", new Maker(ARCHIVE, Integer.MAX_VALUE, -1));
        assertThat(piece(body)).isEqualTo(" ");
        body.close();
        assertThat(asked).containsExactly("node2 5000 -", "node1 5000 -", "node2 5000 3");
    }

    @Test
    void whatNobodyCanGoOnWithBreaks() {
        makers.put("node2", new Maker(ARCHIVE, 7, -1));
        makers.put("node1", new Maker("the other bytes of it", 99, -1));
        makers.put("node3", new Maker(ARCHIVE, 7, -1));
        assertThatThrownBy(() -> text(ask())).hasMessage("node3 stopped");
        assertThat(asked).containsExactly("node2 5000 -", "node1 5000 7", "node3 5000 7");
        assertThat(broken.sum()).isEqualTo(1);
        assertThat(closed).containsExactlyInAnyOrder("node2", "node3");
    }

    @Test
    void theRestHasTheLengthThatWasSaid() {
        makers.put("node2", new Maker(ARCHIVE, 7, ARCHIVE.length()));
        makers.put("node1", new Maker(ARCHIVE + ".", 99, ARCHIVE.length() + 1));
        makers.put("node3", new Maker(ARCHIVE, 99, ARCHIVE.length()));
        Reply reply = ask();
        assertThat(reply.payload().length()).isEqualTo(ARCHIVE.length());
        assertThat(text(reply)).isEqualTo(ARCHIVE);
        assertThat(closed).containsExactly("node1", "node2", "node3");
    }

    @Test
    void whatIsWrongWithTheBatchIsNotAskedOfOthers() {
        makers.put("node2", new Maker(ARCHIVE, -404, -1));
        Reply reply = ask();
        assertThat(NodeErrors.read(reply).code()).isEqualTo(ErrorCode.NO_SUCH_OBJECT);
        assertThat(asked).containsExactly("node2 5000 -");
    }

    @Test
    void nodesThatDoNotAnswerArePassedOverForABoundedTime() {
        makers.put("node2", new Maker(ARCHIVE, -503, -1));
        assertThat(text(ask())).isEqualTo(ARCHIVE);
        assertThat(asked).containsExactly("node2 5000 -", "node1 5000 -");
        makers.replaceAll((node, maker) -> new Maker(ARCHIVE, -503, -1));
        assertThatThrownBy(this::ask).hasMessage("not now");
    }

    private Reply ask() {
        Relay relay = new Relay(
                new Router(state, Duration.ofMillis(20)),
                (outer, node, request, body) ->
                        answer(node.value(), request, new PayloadSource(new Payload.Stream(body))),
                Duration.ofMillis(20),
                ticker,
                new LongAdder(),
                new LongAdder());
        return relay.batches(new BatchRelay.Settings(
                        InstantSource.fixed(Instant.ofEpochMilli(5000)), Set.of(), resumed, broken))
                .ask(
                        DirectExchange.of(
                                new Request(Method.GET, "/v1/ml/moss/b", new Headers()), MemoryBody.of(new byte[0])),
                        PREFERRED,
                        "message".getBytes(StandardCharsets.UTF_8));
    }

    private Reply answer(String node, Request request, PayloadSource message) {
        assertThat(new String(message.readAll(100), StandardCharsets.UTF_8)).isEqualTo("message");
        SentBytes sent = SentBytes.find(request.headers());
        asked.add(node + " " + request.headers().find(NodeHeaders.BATCH_TIME) + " "
                + (sent == null ? "-" : sent.count()));
        ticker.advance(Duration.ofMillis(8));
        Maker maker = Objects.requireNonNull(makers.get(node));
        if (maker.stopsAt == -404) {
            return failed(request, ErrorCode.NO_SUCH_OBJECT);
        }
        if (maker.stopsAt == -503) {
            return failed(request, ErrorCode.NODE_UNAVAILABLE);
        }
        int from = sent == null ? 0 : (int) sent.count();
        if (sent != null && !isBeginning(maker.archive, sent)) {
            return failed(request, ErrorCode.PRECONDITION_FAILED);
        }
        return new Reply(200, new Headers(), new Payload.Stream(new Bytes(node, maker, from)));
    }

    private static boolean isBeginning(String archive, SentBytes sent) {
        XxHash64 hash = new XxHash64();
        hash.update(ByteBuffer.wrap(archive.getBytes(StandardCharsets.UTF_8), 0, (int) sent.count()));
        return sent.is(hash);
    }

    private static Reply failed(Request request, ErrorCode code) {
        return new NodeErrors("t[x]")
                .render(new StoreException(code, "not now"), DirectExchange.of(request, MemoryBody.of(new byte[0])));
    }

    private static String text(Reply reply) {
        try (PayloadSource body = new PayloadSource(reply.payload())) {
            return new String(body.readAll(100), StandardCharsets.UTF_8);
        }
    }

    private static String piece(PayloadSource body) {
        ByteBuffer bytes = body.next();
        return bytes == null ? "" : StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /// A byte at a time, until it stops.
    private final class Bytes implements ByteSource {
        private final String node;
        private final Maker maker;
        private final int from;
        private int at;

        Bytes(String node, Maker maker, int from) {
            this.node = node;
            this.maker = maker;
            this.from = from;
            this.at = from;
        }

        @Override
        public long length() {
            return maker.length < 0 ? -1 : maker.length - from;
        }

        @Override
        public @Nullable ByteBuffer next() {
            if (at >= maker.stopsAt) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, node + " stopped");
            }
            if (at == maker.archive.length()) {
                return null;
            }
            return ByteBuffer.wrap(maker.archive.substring(at, ++at).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed.add(node);
        }
    }
}
