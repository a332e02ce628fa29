package io.forebay.system.owners;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The network between the nodes: calls are refused, slow, without an answer, or arrive when their sender has given up
/// long since. Safe to share between threads.
final class Wire {
    private static final long MAX_SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final int MAX_LATE = 40;

    private final Random random;
    private final Map<NodeId, OwnersNode> nodes = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    private final Set<NodeId> paused = new HashSet<>();
    private final Set<Link> cut = new HashSet<>();
    private final List<Late> late = new ArrayList<>();
    private int weather;

    private record Link(NodeId from, NodeId to) {}

    /// A call that is to arrive later.
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares calls.
    private record Late(NodeId from, NodeId to, String boot, Request request, byte[] body) {}

    /// What becomes of a call.
    private enum Fate {
        SLOW,
        REFUSED,
        UNANSWERED,
        LATE
    }

    Wire(long seed) {
        this.random = new Random(seed);
    }

    void connect(OwnersNode node) {
        nodes.put(node.id(), node);
    }

    /// Calls of a node, and to it, fail from now on. No node is paused any more: what the node has under way may wait
    /// for one.
    void disconnect(NodeId node) {
        nodes.remove(node);
        lock.lock();
        try {
            paused.clear();
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Of so many calls in a hundred something becomes from now on.
    void weather(int percent) {
        lock.lock();
        try {
            weather = percent;
        } finally {
            lock.unlock();
        }
    }

    void cut(NodeId from, NodeId to) {
        lock.lock();
        try {
            cut.add(new Link(from, to));
        } finally {
            lock.unlock();
        }
    }

    void heal() {
        lock.lock();
        try {
            cut.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Holds up all calls of a node and to it, until `resume`.
    void pause(NodeId node) {
        lock.lock();
        try {
            paused.add(node);
        } finally {
            lock.unlock();
        }
    }

    void resume(NodeId node) {
        lock.lock();
        try {
            paused.remove(node);
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isPaused(NodeId node) {
        lock.lock();
        try {
            return paused.contains(node);
        } finally {
            lock.unlock();
        }
    }

    /// Delivers calls whose senders have given up; those to processes that ended are lost. Returns how many, when all
    /// were worked on.
    int deliverLate() {
        List<Late> due;
        lock.lock();
        try {
            due = new ArrayList<>(late);
            late.clear();
        } finally {
            lock.unlock();
        }
        List<Thread> threads = new ArrayList<>();
        for (Late call : due) {
            threads.add(Thread.ofVirtual().start(() -> deliver(call)));
        }
        threads.forEach(Wire::join);
        return due.size();
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void deliver(Late call) {
        OwnersNode node = nodes.get(call.to);
        if (node == null || !node.boot().equals(call.boot)) {
            return;
        }
        Body body = call.body.length == 0 ? Body.empty() : MemoryBody.of(call.body);
        try {
            node.handle(DirectExchange.of(call.request, body)).payload().close();
        } catch (StoreException e) {
            // The node ended meanwhile.
            node.note("a late call found it gone: " + e.text());
        }
    }

    /// The channel of one node.
    NodeChannel from(NodeId node) {
        return (outer, to, request, body) -> call(node, outer, to, request, body);
    }

    private Reply call(NodeId from, Exchange outer, NodeId to, Request request, Body body) {
        if (!outer.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        awaitResumed(from);
        awaitResumed(to);
        OwnersNode node = nodes.get(to);
        if (node == null || !nodes.containsKey(from) || isCut(from, to)) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "cannot reach " + to + " from " + from);
        }
        Fate fate = fate();
        if (fate == null) {
            return answered(from, to, node.handle(DirectExchange.within(outer, request, body)));
        }
        return switch (fate) {
            case SLOW -> {
                LockSupport.parkNanos(slowness());
                yield answered(from, to, node.handle(DirectExchange.within(outer, request, body)));
            }
            case REFUSED -> throw new StoreException(ErrorCode.NODE_UNAVAILABLE, to + " refused a call of " + from);
            case UNANSWERED -> {
                node.handle(DirectExchange.within(outer, request, body))
                        .payload()
                        .close();
                throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, to + " did not answer " + from + " in time");
            }
            case LATE -> {
                keep(new Late(from, to, node.boot(), request, bytes(body)));
                throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, to + " did not get a call of " + from);
            }
        };
    }

    /// The reply, unless one of both nodes ended or was paused meanwhile.
    private Reply answered(NodeId from, NodeId to, Reply reply) {
        awaitResumed(to);
        awaitResumed(from);
        if (nodes.containsKey(from) && nodes.containsKey(to) && !isCut(to, from)) {
            return reply;
        }
        reply.payload().close();
        throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the answer of " + to + " to " + from + " is lost");
    }

    private void keep(Late call) {
        lock.lock();
        try {
            if (late.size() < MAX_LATE) {
                late.add(call);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitResumed(NodeId node) {
        lock.lock();
        try {
            while (paused.contains(node)) {
                resumed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isCut(NodeId from, NodeId to) {
        lock.lock();
        try {
            return cut.contains(new Link(from, to));
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Fate fate() {
        lock.lock();
        try {
            return random.nextInt(100) < weather ? Fate.values()[random.nextInt(Fate.values().length)] : null;
        } finally {
            lock.unlock();
        }
    }

    private long slowness() {
        lock.lock();
        try {
            return random.nextLong(MAX_SLOW_NANOS);
        } finally {
            lock.unlock();
        }
    }

    private static byte[] bytes(Body body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer some = body.next(); some != null; some = body.next()) {
            byte[] bytes = new byte[some.remaining()];
            some.get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }
}
