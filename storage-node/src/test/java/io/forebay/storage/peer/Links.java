package io.forebay.storage.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;

/// The network between the nodes of one process: links can be cut, replies lost, and calls kept waiting.
final class Links {
    private final Map<NodeId, Handler> nodes = new ConcurrentHashMap<>();
    private final Set<Link> cut = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<Interference> interferences = new CopyOnWriteArrayList<>();

    private record Link(NodeId from, NodeId to) {}

    /// What may happen to a call, before and after the other node has worked on it.
    interface Interference {
        /// Called before the other node gets it; may wait, or throw what the caller is to get.
        default void before(NodeId from, NodeId to, Request request) {}

        /// Called with the other node's work done; may throw, so that the reply is lost.
        default void after(NodeId from, NodeId to, Request request) {}
    }

    void connect(NodeId node, Handler handler) {
        nodes.put(node, handler);
    }

    /// A node that is down refuses connections.
    void disconnect(NodeId node) {
        nodes.remove(node);
    }

    void cut(NodeId from, NodeId to) {
        cut.add(new Link(from, to));
    }

    /// Cuts every link of a node, both ways.
    void isolate(NodeId node, Iterable<NodeId> others) {
        for (NodeId other : others) {
            if (!other.equals(node)) {
                cut(node, other);
                cut(other, node);
            }
        }
    }

    void heal() {
        cut.clear();
    }

    AutoCloseable interfere(Interference interference) {
        interferences.add(interference);
        return () -> interferences.remove(interference);
    }

    /// Loses the reply of each call that matches.
    AutoCloseable loseReplies(BiPredicate<NodeId, Request> which) {
        return interfere(new Interference() {
            @Override
            public void after(NodeId from, NodeId to, Request request) {
                if (which.test(to, request)) {
                    throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, to + " did not answer in time");
                }
            }
        });
    }

    /// The channel of one node.
    NodeChannel from(NodeId node) {
        return (outer, to, request, body) -> call(node, outer, to, request, body);
    }

    private Reply call(NodeId from, Exchange outer, NodeId to, Request request, Body body) {
        Handler handler = nodes.get(to);
        if (handler == null || cut.contains(new Link(from, to))) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "cannot reach " + to + " from " + from);
        }
        if (!outer.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        interferences.forEach(interference -> interference.before(from, to, request));
        Reply reply = handler.handle(DirectExchange.within(outer, request, body));
        boolean arrived = false;
        try {
            interferences.forEach(interference -> interference.after(from, to, request));
            arrived = true;
            return reply;
        } finally {
            if (!arrived) {
                reply.payload().close();
            }
        }
    }
}
