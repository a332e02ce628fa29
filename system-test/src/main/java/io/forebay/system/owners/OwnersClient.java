package io.forebay.system.owners;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.NodeReply;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.system.history.Operation.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Sends requests as a gateway does: to the primary under a state that it knows, and again by a newer one where that
/// is the answer. For one thread.
final class OwnersClient {
    private static final int ATTEMPTS = 4;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final int MAX_BYTES = 1 << 24;

    private final OwnersCluster cluster;
    private final List<ClusterState> known;
    private final Random random;

    /// @param known states, the newest last
    OwnersClient(OwnersCluster cluster, List<ClusterState> known, Random random) {
        this.cluster = cluster;
        this.known = known;
        this.random = random;
    }

    /// What a node answered last.
    ///
    /// @param code empty for a success
    /// @param length of the payload, also where its bytes were not asked for
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares answers.
    record Answer(int status, String code, String text, byte[] bytes, long length, Headers headers, String node) {
        boolean isDone() {
            return status / 100 == 2;
        }

        /// What is known of the operation; null when it should not have been answered so.
        @Nullable
        Outcome outcome() {
            if (isDone()) {
                return Outcome.DONE;
            }
            return switch (code) {
                case "NO_SUCH_OBJECT" -> Outcome.MISSING;
                case "PRECONDITION_FAILED" -> Outcome.REFUSED;
                case "NOT_OWNER", "STALE_MAP", "NODE_UNAVAILABLE", "DEADLINE_EXCEEDED", "BUSY", "INCOMPLETE_BODY" ->
                    Outcome.UNKNOWN;
                default -> null;
            };
        }
    }

    Answer call(Method method, ObjectKey key, String query, Headers headers, byte[] body) {
        ClusterState state = random.nextInt(4) == 0 ? known.get(random.nextInt(known.size())) : cluster.state();
        for (int attempt = 1; ; attempt++) {
            Answer answer = attempt(state, method, key, query, headers, body);
            boolean misled = answer.code.equals("NOT_OWNER") || answer.code.equals("STALE_MAP");
            if (!misled || attempt == ATTEMPTS) {
                return answer;
            }
            LockSupport.parkNanos(RETRY_NANOS);
            state = cluster.state();
        }
    }

    /// Removes an object as one of several of its bucket that are removed together; by itself where that
    /// cannot be, as a gateway does.
    Answer removeTogether(ObjectKey key) {
        ClusterState state = cluster.state();
        try {
            NodeId primary = Placements.of(state).primary(key).id();
            OwnersNode node = cluster.node(primary);
            if (node != null && node.isUp() && !cluster.wire.isPaused(primary)) {
                RemovalsReply.Outcome outcome = removal(node, state, key);
                StoreException failure = outcome.failure();
                if (failure == null) {
                    return new Answer(200, "", "", new byte[0], 0, new Headers(), primary.value());
                }
                if (failure.code() != ErrorCode.NOT_OWNER && failure.code() != ErrorCode.STALE_MAP) {
                    return failed(failure, primary.value());
                }
            }
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NOT_OWNER && e.code() != ErrorCode.STALE_MAP) {
                return failed(e, "nobody");
            }
        }
        return call(Method.DELETE, key, "", new Headers(), new byte[0]);
    }

    private static RemovalsReply.Outcome removal(OwnersNode node, ClusterState state, ObjectKey key) {
        Headers headers = new Headers().add(NodeHeaders.STATE_VERSION, Long.toString(state.version()));
        Request request = new Request(Method.DELETE, NativePath.target(key.bucket(), "what=objects"), headers);
        RemovalsRequest message =
                new RemovalsRequest(List.of(new RemovalsRequest.Removal(key.name(), "", null, null, null, false)));
        Reply reply = node.handle(DirectExchange.of(request, MemoryBody.of(WireJson.write(message))));
        return NodeReply.read(reply, RemovalsReply.class, MAX_BYTES).outcomes().getFirst();
    }

    private Answer attempt(
            ClusterState state, Method method, ObjectKey key, String query, Headers headers, byte[] body) {
        NodeId primary;
        try {
            primary = Placements.of(state).primary(key).id();
        } catch (StoreException e) {
            return failed(e, "nobody");
        }
        boolean redirected = random.nextInt(8) == 0;
        if (redirected && random.nextInt(2) == 0) {
            List<OwnersNode> all = cluster.nodes();
            primary = all.get(random.nextInt(all.size())).id();
        }
        OwnersNode node = cluster.node(primary);
        if (node == null || !node.isUp() || cluster.wire.isPaused(primary)) {
            return failed(new StoreException(ErrorCode.NODE_UNAVAILABLE, primary + " is not there"), primary.value());
        }
        Headers sent = new Headers();
        sent.addAll(headers);
        String more = query;
        if (redirected) {
            more += "&pid=gateway1&utm=abc";
        } else {
            sent.set(NodeHeaders.STATE_VERSION, Long.toString(state.version()));
        }
        Request request = new Request(method, NativePath.target(key) + more, sent);
        try {
            Body content = body.length == 0 ? Body.empty() : MemoryBody.of(body);
            return read(method, node.handle(DirectExchange.of(request, content)), primary);
        } catch (StoreException e) {
            return failed(e, primary.value());
        }
    }

    private static Answer read(Method method, Reply reply, NodeId node) {
        Payload payload = reply.payload();
        long length = payload.length();
        try (PayloadSource source = new PayloadSource(payload)) {
            byte[] bytes = method == Method.HEAD ? new byte[0] : source.readAll(MAX_BYTES);
            String code = reply.status() < 400 ? "" : reply.headers().find(NodeHeaders.ERROR, "");
            String text = reply.status() < 400 ? "" : new String(bytes, StandardCharsets.UTF_8);
            return new Answer(reply.status(), code, text, bytes, length, reply.headers(), node.value());
        }
    }

    private static Answer failed(StoreException e, String node) {
        return new Answer(503, e.code().name(), e.text(), new byte[0], 0, new Headers(), node);
    }
}
