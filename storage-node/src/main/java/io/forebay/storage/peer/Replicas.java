package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Content;
import io.forebay.storage.object.Received;
import io.forebay.storage.object.Redundancy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Whole copies of each object on as many nodes as its bucket asks for: the others commit a change before
/// this node does, so that whoever of them is asked later knows of everything that was acknowledged.
final class Replicas implements Redundancy {
    private final Fence fence;
    private final PeerCalls calls;
    private final long inlineBytes;

    Replicas(Fence fence, PeerCalls calls, PeerConfig config) {
        this.fence = fence;
        this.calls = calls;
        this.inlineBytes = config.inline().bytes();
    }

    @Override
    public Staged stage(Bucket bucket, ObjectKey key, Content content) {
        View view = fence.view();
        if (content.size() <= inlineBytes || bucket.copies() == 1) {
            return Staged.NOTHING;
        }
        Ahead ahead = new Ahead(view, key);
        boolean complete = false;
        try {
            each(view.history(bucket, key).replicas(), node -> {
                String token = calls.stage(node, view, key, content);
                ahead.put(node, token);
                return token;
            });
            complete = true;
            return ahead;
        } finally {
            if (!complete) {
                ahead.close();
            }
        }
    }

    @Override
    public Turn begin(Bucket bucket, ObjectKey key) {
        Fence.Admitted admitted = fence.enter(bucket, key);
        boolean right = Reliance.holds(key, admitted);
        if (!right) {
            admitted.close();
            throw fence.notOwner(admitted.view(), key);
        }
        return new PrimaryTurn(admitted, key, new AtomicBoolean());
    }

    /// Bytes that were sent ahead, by the token that each node gave.
    private final class Ahead implements Staged {
        private final View view;
        private final ObjectKey key;
        private final Map<NodeId, String> tokens = new TreeMap<>();

        Ahead(View view, ObjectKey key) {
            this.view = view;
            this.key = key;
        }

        synchronized void put(NodeId node, String token) {
            tokens.put(node, token);
        }

        /// The token that the node gave; null when it has none, or has used them.
        synchronized @Nullable String token(NodeId node) {
            return tokens.get(node);
        }

        /// Says that the node has used the bytes, for a commit or a refusal.
        synchronized void taken(NodeId node) {
            tokens.remove(node);
        }

        /// Drops what was not committed. A node that cannot be told drops it by itself after a while.
        @Override
        public synchronized void close() {
            tokens.forEach((node, token) -> {
                try {
                    calls.discard(node, view, key, token);
                } catch (StoreException e) {
                    System.getLogger(Replicas.class.getName())
                            .log(System.Logger.Level.DEBUG, "bytes of " + key + " stay at " + node + " for a while", e);
                }
            });
            tokens.clear();
        }
    }

    private final class PrimaryTurn implements Turn {
        private final Fence.Admitted admitted;
        private final ObjectKey key;
        private final AtomicBoolean taken;
        private final PeerCalls.Sender sender;

        PrimaryTurn(Fence.Admitted admitted, ObjectKey key, AtomicBoolean taken) {
            this.admitted = admitted;
            this.key = key;
            this.taken = taken;
            this.sender =
                    new PeerCalls.Sender(admitted.view(), admitted.history().epoch());
        }

        @Override
        public long epoch() {
            return sender.epoch();
        }

        @Override
        public Stamp floor() {
            return Stamp.NONE;
        }

        @Override
        public boolean leavesTombstone() {
            return isShared()
                    || !admitted.history().isWhole()
                    || admitted.view().mayHaveMore(key.bucket());
        }

        @Override
        public @Nullable Stamp replicate(RecordDraft description, Content content, Staged staged, @Nullable Base base) {
            return newest(changed(node -> {
                Ahead ahead = staged instanceof Ahead sent ? sent : null;
                String token = ahead == null ? null : ahead.token(node);
                boolean alone = token != null || base != null;
                Received received = commit(node, description, alone ? null : content, token, base, content);
                if (ahead != null) {
                    ahead.taken(node);
                }
                return received;
            }));
        }

        /// A holder that does not have the bytes that stay gets them.
        private Received commit(
                NodeId node,
                RecordDraft description,
                @Nullable Content inline,
                @Nullable String token,
                @Nullable Base base,
                Content content) {
            Received received = null;
            try {
                received = calls.commit(node, sender, key, description, inline, token, base);
            } catch (StoreException e) {
                if (inline != null || e.code() != ErrorCode.NO_SUCH_OBJECT) {
                    throw e;
                }
            }
            boolean lacksBytes = received == null || (inline == null && isBehind(received, description.stamp()));
            return received != null && !lacksBytes
                    ? received
                    : calls.commit(node, sender, key, description, content, null, null);
        }

        /// Whether a holder that did not take a change has nothing that stands in its way.
        private static boolean isBehind(Received received, Stamp stamp) {
            return !received.accepted() && stamp.isNewerThan(received.here());
        }

        @Override
        public boolean isShared() {
            return !admitted.history().replicas().isEmpty();
        }

        @Override
        public @Nullable Stamp replicateRemoval(Stamp stamp) {
            return newest(changed(node -> calls.remove(node, sender, key, stamp)));
        }

        /// Has every other holder make a change.
        private List<Received> changed(Function<NodeId, Received> change) {
            return each(admitted.history().replicas(), node -> {
                try {
                    Received received = change.apply(node);
                    taken.set(true);
                    return received;
                } catch (StoreException e) {
                    if (e.code() != ErrorCode.NOT_OWNER && e.code() != ErrorCode.STALE_MAP) {
                        taken.set(true);
                    }
                    throw e;
                }
            });
        }

        @Override
        public boolean mayBeTaken() {
            return taken.get();
        }

        @Override
        public Turn of(ObjectKey version) {
            return new PrimaryTurn(admitted, version, taken);
        }

        @Override
        public void close() {
            admitted.close();
        }
    }

    /// The newest stamp that stood in a change's way, or null.
    private static @Nullable Stamp newest(List<Received> outcomes) {
        Stamp newest = null;
        for (Received received : outcomes) {
            if (!received.accepted()) {
                newest = newest == null ? received.here() : newest.or(received.here());
            }
        }
        return newest;
    }

    /// Calls every node, all at once when there are several; throws when one of them failed, after all have
    /// ended.
    private <T> List<T> each(List<NodeId> nodes, Function<NodeId, T> call) {
        if (nodes.isEmpty()) {
            return List.of();
        }
        List<T> results = new ArrayList<>(nodes.size());
        for (Outcomes.Outcome<T> outcome : Outcomes.of(nodes, call)) {
            StoreException failure = outcome.failure();
            if (failure != null) {
                throw PeerCalls.unavailable("a copy at " + outcome.node(), failure);
            }
            results.add(outcome.value());
        }
        return results;
    }
}
