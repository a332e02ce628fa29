package io.forebay.gateway.relay;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.batch.SentBytes;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Has a storage node make a batch, and passes on what it sends. Any node can make any batch: where one does not
/// answer another is asked, and where one stops in the middle another sends the rest (docs/decisions/0028).
public final class BatchRelay {
    private final Router router;
    private final Relay relay;
    private final Duration patience;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Set<NodeId> local;
    private final LongAdder resumed;
    private final LongAdder broken;

    BatchRelay(Router router, Relay relay, Duration patience, Ticker ticker, Settings settings) {
        this.router = router;
        this.relay = relay;
        this.patience = patience;
        this.ticker = ticker;
        this.clock = settings.clock;
        this.local = Set.copyOf(settings.local);
        this.resumed = settings.resumed;
        this.broken = settings.broken;
    }

    /// What batches take beside what every request does.
    ///
    /// @param local the storage nodes of this process, which never stop without it
    /// @param resumed counts how often another node went on
    /// @param broken counts the batches that broke in the middle
    public record Settings(InstantSource clock, Set<NodeId> local, LongAdder resumed, LongAdder broken) {}

    /// Sends the outer request, whose body was read, to the first node that answers, of those preferred and then of
    /// all others. Goes on asking for a bounded time while none does. Failures come back as the node sent them.
    /// Throws NODE_UNAVAILABLE, and what else sending a request does.
    public Reply ask(Exchange outer, List<NodeId> preferred, byte[] message) {
        Call call = new Call(outer, preferred, message, clock.millis());
        Patience waits = new Patience(router, ticker, patience);
        Snapshot snapshot = router.snapshot();
        while (true) {
            StoreException failure = new StoreException(ErrorCode.NODE_UNAVAILABLE, "no storage targets for a batch");
            for (Node node : call.nodes(snapshot)) {
                try {
                    Reply reply = call.send(node, snapshot, null);
                    if (!isElsewhere(reply)) {
                        return resumable(call, node, reply);
                    }
                    failure = NodeErrors.read(reply);
                } catch (StoreException e) {
                    if (e.code() != ErrorCode.NODE_UNAVAILABLE) {
                        throw e;
                    }
                    failure = e;
                }
            }
            Snapshot next = waits.later(snapshot);
            if (next == null) {
                throw failure;
            }
            snapshot = next;
        }
    }

    /// Whether the node may not answer now, and another may.
    private static boolean isElsewhere(Reply reply) {
        String code = reply.status() < 400 ? "" : reply.headers().find(NodeHeaders.ERROR, "");
        return code.equals(ErrorCode.NODE_UNAVAILABLE.name()) || code.equals(ErrorCode.STALE_MAP.name());
    }

    private Reply resumable(Call call, Node node, Reply reply) {
        if (reply.status() >= 400 || local.contains(node.id())) {
            return reply;
        }
        ResumedStream stream = new ResumedStream(reply.payload(), node.id(), call::rest, resumed, broken);
        return new Reply(reply.status(), reply.headers(), new Payload.Stream(stream));
    }

    /// A batch that was asked for.
    private final class Call {
        private final Exchange outer;
        private final List<NodeId> preferred;
        private final byte[] message;
        private final String time;

        Call(Exchange outer, List<NodeId> preferred, byte[] message, long millis) {
            this.outer = outer;
            this.preferred = preferred;
            this.message = message;
            this.time = Long.toString(millis);
        }

        /// The nodes in the order in which they are asked.
        List<Node> nodes(Snapshot snapshot) {
            List<Node> nodes = new ArrayList<>(snapshot.owners());
            // Those that are not preferred keep their order, behind the others.
            nodes.sort(Comparator.comparingInt(node -> {
                int place = preferred.indexOf(node.id());
                return place < 0 ? preferred.size() : place;
            }));
            return nodes;
        }

        Reply send(Node node, Snapshot snapshot, @Nullable SentBytes sent) {
            Headers headers = new Headers().add(NodeHeaders.BATCH_TIME, time);
            if (sent != null) {
                sent.addTo(headers);
            }
            Request request =
                    new Request(outer.request().method(), outer.request().target(), headers);
            return relay.toNode(outer, node, snapshot, request, MemoryBody.of(message));
        }

        /// The rest of the answer from the first node that has it; null when none has.
        ResumedStream.@Nullable Rest rest(@Nullable SentBytes sent, long length, Set<NodeId> failed) {
            Snapshot snapshot = router.snapshot();
            for (Node node : nodes(snapshot)) {
                Payload rest = failed.contains(node.id()) ? null : rest(node, snapshot, sent);
                if (rest != null && rest.length() == length) {
                    return new ResumedStream.Rest(node.id(), rest);
                }
                if (rest != null) {
                    rest.close();
                }
                failed.add(node.id());
            }
            return null;
        }

        private @Nullable Payload rest(Node node, Snapshot snapshot, @Nullable SentBytes sent) {
            try {
                Reply reply = send(node, snapshot, sent);
                if (reply.status() < 400) {
                    return reply.payload();
                }
                reply.payload().close();
                return null;
            } catch (StoreException e) {
                if (e.code().fault() == Fault.BUG) {
                    throw e;
                }
                return null;
            }
        }
    }
}
