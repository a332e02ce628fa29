package io.forebay.storage.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Content;
import io.forebay.storage.object.Received;
import io.forebay.storage.object.Redundancy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks other storage nodes, with the state version that the question belongs to. Safe to share between
/// threads.
///
/// Deadlines are the channel's. Every call throws what the other node failed with, and NODE_UNAVAILABLE or
/// DEADLINE_EXCEEDED when it does not answer.
final class PeerCalls {
    private final NodeId self;
    private final NodeChannel channel;
    private final PeerConfig config;
    private final Metrics metrics;

    PeerCalls(NodeId self, NodeChannel channel, PeerConfig config, Metrics metrics) {
        this.self = self;
        this.channel = channel;
        this.config = config;
        this.metrics = metrics;
    }

    /// Whose change it is that other holders are told of: the sender's own, as primary under an epoch.
    record Sender(View view, long epoch) {
        String parameters() {
            return PeerPath.parameter(PeerPath.EPOCH, epoch);
        }
    }

    /// What a node has of a key, once it has prepared the epoch that serves here.
    Answer ask(NodeId node, View view, ObjectKey key) {
        String target = PeerPath.target(key, "held") + PeerPath.parameter(PeerPath.EPOCH, view.servingEpoch());
        return json(node, view, new Request(Method.GET, target, new Headers()), Body.empty(), PeerMessages.Held.class)
                .answer();
    }

    /// Carries out a search, up to its end.
    void ask(Inquiry inquiry, View view, ObjectKey key) {
        List<NodeId> next = inquiry.next();
        while (!next.isEmpty()) {
            List<NodeId> known = new ArrayList<>(next);
            for (NodeId node : next) {
                if (view.state().node(node) == null) {
                    known.remove(node);
                    inquiry.failed(
                            node,
                            new StoreException(ErrorCode.NODE_UNAVAILABLE, "node " + node + " has left the cluster"));
                }
            }
            for (Outcomes.Outcome<Answer> outcome : Outcomes.of(known, node -> ask(node, view, key))) {
                StoreException failure = outcome.failure();
                if (failure == null) {
                    inquiry.answered(outcome.node(), outcome.value());
                } else {
                    inquiry.failed(outcome.node(), failure);
                }
            }
            next = inquiry.next();
        }
    }

    /// An object with all that is known of it. The receiver closes it.
    record Pulled(RecordDraft description, Packet.Received content) implements AutoCloseable {
        @Override
        public void close() {
            content.close();
        }
    }

    /// Fetches an object that a node said it had under that stamp. Throws NO_SUCH_OBJECT when it has another
    /// by now.
    Pulled pull(NodeId node, View view, ObjectKey key, Stamp stamp) {
        return pulled(
                node, view, PeerPath.target(key, "object") + PeerPath.parameter(PeerPath.STAMP, stamp.toString()));
    }

    /// Fetches what is there with its description.
    Pulled pulled(NodeId node, View view, String target) {
        Reply reply = send(node, view, new Request(Method.GET, target, new Headers()), Body.empty());
        PayloadSource payload = new PayloadSource(reply.payload());
        boolean read = false;
        try {
            Packet.Received packet =
                    new Packet.Received(payload, (int) config.maxMessage().bytes());
            RecordDraft description = RecordDraft.describing(ObjectRecord.of(packet.message()));
            read = true;
            return new Pulled(description, packet);
        } finally {
            if (!read) {
                payload.close();
            }
        }
    }

    /// Sends an object's bytes ahead, and returns the token that names them there.
    String stage(NodeId node, View view, ObjectKey key, Content content) {
        String target = PeerPath.target(key, "stage");
        try (ContentBody body = new ContentBody(content)) {
            return json(node, view, new Request(Method.PUT, target, new Headers()), body, PeerMessages.Staged.class)
                    .token();
        }
    }

    /// Drops bytes that were sent ahead.
    void discard(NodeId node, View view, ObjectKey key, String token) {
        String target = PeerPath.target(key, "stage") + PeerPath.parameter(PeerPath.TOKEN, token);
        send(node, view, new Request(Method.DELETE, target, new Headers()), Body.empty())
                .payload()
                .close();
    }

    /// Has a holder commit an object.
    ///
    /// @param token of the bytes that were sent ahead; null when they come with this
    /// @param base whose bytes it takes if it has them; null when they come with this, or were sent ahead
    Received commit(
            NodeId node,
            Sender sender,
            ObjectKey key,
            RecordDraft description,
            @Nullable Content content,
            @Nullable String token,
            Redundancy.@Nullable Base base) {
        String target = PeerPath.target(key, "commit") + sender.parameters();
        target += token == null ? "" : PeerPath.parameter(PeerPath.TOKEN, token);
        if (base != null) {
            target += PeerPath.parameter(PeerPath.BASE, base.stamp().toString())
                    + PeerPath.parameter(PeerPath.BYTES_OF, base.key().version());
        }
        byte[] message = description.encode();
        int small = (int) config.inline().bytes() + message.length + Integer.BYTES;
        try (Body body = Packet.body(message, content == null ? Body.empty() : content.open(), small)) {
            Request request = new Request(Method.POST, target, new Headers());
            return json(node, sender.view(), request, body, PeerMessages.Outcome.class)
                    .received();
        }
    }

    /// Has a holder remove an object, and remember that.
    Received remove(NodeId node, Sender sender, ObjectKey key, Stamp stamp) {
        String target = PeerPath.target(key, "object")
                + sender.parameters()
                + PeerPath.parameter(PeerPath.STAMP, stamp.toString());
        Request request = new Request(Method.DELETE, target, new Headers());
        return json(node, sender.view(), request, Body.empty(), PeerMessages.Outcome.class)
                .received();
    }

    /// Has a key's primary write its object again, with its bytes, to all holders.
    void renew(NodeId primary, View view, ObjectKey key) {
        Request request = new Request(Method.POST, PeerPath.target(key, "renew"), new Headers());
        send(primary, view, request, Body.empty()).payload().close();
    }

    /// Sends a message and reads the answer's.
    <T> T json(NodeId node, View view, Request request, Body body, Class<T> type) {
        Reply reply = send(node, view, request, body);
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            return WireJson.read(payload.readAll((int) config.maxMessage().bytes()), type);
        }
    }

    /// Sends a request and returns the reply if it is a success.
    Reply send(NodeId node, View view, Request request, Body body) {
        request.headers()
                .set(NodeHeaders.STATE_VERSION, Long.toString(view.state().version()));
        Request named = new Request(
                request.method(),
                request.target() + PeerPath.parameter(PeerPath.FROM, self.value()),
                request.headers());
        String outcome = "ok";
        try {
            Reply reply = channel.call(DirectExchange.of(named, body), node, named, body);
            if (reply.status() >= 400) {
                throw NodeErrors.read(reply);
            }
            return reply;
        } catch (StoreException e) {
            outcome = e.code().name();
            throw e;
        } finally {
            metrics.counter(
                            PeerMetric.CALLS,
                            "node=\"" + self + "\",what=\"" + named.query().find(PeerPath.WHAT, "") + "\",outcome=\""
                                    + outcome + "\"")
                    .increment();
        }
    }

    /// The failure of a call as what it means to a request that needed it: that the answer cannot be had now.
    static StoreException unavailable(String what, StoreException cause) {
        return switch (cause.code()) {
            case NOT_OWNER, STALE_MAP -> new StoreException(ErrorCode.NOT_OWNER, what + ": " + cause.text(), cause);
            case NO_SPACE, BUSY -> new StoreException(cause.code(), what + ": " + cause.text(), cause);
            default -> new StoreException(ErrorCode.NODE_UNAVAILABLE, what + ": " + cause.text(), cause);
        };
    }
}
