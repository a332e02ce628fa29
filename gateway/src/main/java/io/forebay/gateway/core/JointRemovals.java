package io.forebay.gateway.core;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.relay.Fanout;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeReply;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Removes many objects of one bucket by one request to each of their owners, which commits its part as one
/// group.
final class JointRemovals {
    private final Router router;
    private final Relay relay;
    private final int maxAnswerBytes;

    JointRemovals(Router router, Relay relay, int maxAnswerBytes) {
        this.router = router;
        this.relay = relay;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /// Removes them and gives what became of each, in their order; null for one that was not tried and is to
    /// be removed by itself: while owners change, or where a bucket has copies. Only where the exchange may
    /// wait. Throws NO_SUCH_BUCKET.
    ///
    /// @param removals at most `RemovalsRequest.MAX_COUNT`
    List<RemovalsReply.@Nullable Outcome> remove(
            Exchange outer, BucketName name, List<RemovalsRequest.Removal> removals) {
        List<RemovalsReply.@Nullable Outcome> outcomes = new ArrayList<>(removals.size());
        removals.forEach(any -> outcomes.add(null));
        Snapshot snapshot = router.snapshot();
        if (snapshot.require(name).most() > 1 || !snapshot.placements().areSettled()) {
            return outcomes;
        }
        Map<Node, Part> parts = new LinkedHashMap<>();
        for (int at = 0; at < removals.size(); at++) {
            Node owner = snapshot.owner(new ObjectKey(name, removals.get(at).name()));
            parts.computeIfAbsent(owner, any -> new Part()).add(at, removals.get(at));
        }
        List<Node> owners = List.copyOf(parts.keySet());
        List<List<RemovalsReply.@Nullable Outcome>> answers = Fanout.ask(
                owners, owner -> Objects.requireNonNull(parts.get(owner)).outcomes(outer, snapshot, owner, name));
        for (int index = 0; index < owners.size(); index++) {
            List<Integer> places = Objects.requireNonNull(parts.get(owners.get(index))).places;
            for (int at = 0; at < places.size(); at++) {
                outcomes.set(places.get(at), answers.get(index).get(at));
            }
        }
        return outcomes;
    }

    /// What goes to one node.
    private final class Part {
        private final List<Integer> places = new ArrayList<>();
        private final List<RemovalsRequest.Removal> removals = new ArrayList<>();
        private final Headers headers = new Headers();

        /// Made on the thread of the operation, whose occasion goes along.
        Part() {
            Occasions.addTo(headers);
        }

        void add(int place, RemovalsRequest.Removal removal) {
            places.add(place);
            removals.add(removal);
        }

        List<RemovalsReply.@Nullable Outcome> outcomes(
                Exchange outer, Snapshot snapshot, Node owner, BucketName bucket) {
            List<RemovalsReply.@Nullable Outcome> outcomes = new ArrayList<>(removals.size());
            try {
                ask(outer, snapshot, owner, bucket)
                        .outcomes()
                        .forEach(outcome -> outcomes.add(wasTried(outcome.code()) ? outcome : null));
            } catch (StoreException e) {
                outcomes.clear();
                removals.forEach(any -> outcomes.add(wasTried(e.code()) ? RemovalsReply.Outcome.of(e) : null));
            }
            return outcomes;
        }

        private RemovalsReply ask(Exchange outer, Snapshot snapshot, Node owner, BucketName bucket) {
            Request request = new Request(Method.DELETE, NativePath.target(bucket, "what=objects"), headers);
            byte[] message = WireJson.write(new RemovalsRequest(removals));
            Reply reply = relay.toNode(outer, owner, snapshot, request, MemoryBody.of(message));
            RemovalsReply read = NodeReply.read(reply, RemovalsReply.class, maxAnswerBytes);
            if (read.outcomes().size() != removals.size()) {
                throw new StoreException(
                        ErrorCode.INTERNAL,
                        owner.id() + " told " + read.outcomes().size() + " outcomes of " + removals.size()
                                + " removals");
            }
            return read;
        }
    }

    /// Nothing was done of what the node says is not its own to decide.
    private static boolean wasTried(@Nullable ErrorCode code) {
        return code != ErrorCode.NOT_OWNER && code != ErrorCode.STALE_MAP;
    }
}
