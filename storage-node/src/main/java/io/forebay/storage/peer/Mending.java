package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReceiveSession;
import io.forebay.storage.object.Received;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Brings a good copy of an object back to the key's primary, which has a damaged one or cannot reach its
/// own.
public final class Mending {
    private final Fence fence;
    private final ObjectStore store;
    private final PeerCalls calls;
    private final LongAdder repaired;

    Mending(Fence fence, ObjectStore store, PeerCalls calls, Metrics metrics) {
        this.fence = fence;
        this.store = store;
        this.calls = calls;
        this.repaired = metrics.counter(PeerMetric.REPAIRED, "node=\"" + fence.self() + "\"");
    }

    /// Whether others may have copies of a bucket's objects.
    public boolean isPossible(View view, Bucket bucket) {
        return bucket.copies() > 1;
    }

    /// Returns when the newest copy that another holder has is here. Every change was committed by all other
    /// holders before this node did, so the newest that any of them has is at least as new as what this node
    /// lost. Throws
    /// the
    /// damage when none of them has one.
    public void mend(View view, Bucket bucket, ObjectKey key, StoreException damage) {
        KeyHistory history = view.history(bucket, key);
        Set<NodeId> others = new LinkedHashSet<>(history.replicas());
        history.earlier().forEach(step -> others.addAll(step.nodes()));
        others.remove(fence.self());
        Answer newest = Answer.NOTHING;
        NodeId holder = fence.self();
        for (Outcomes.Outcome<Answer> outcome : Outcomes.of(List.copyOf(others), node -> calls.ask(node, view, key))) {
            if (outcome.failure() == null && outcome.value().isNewerThan(newest)) {
                newest = outcome.value();
                holder = outcome.node();
            }
        }
        if (newest.kind() != Answer.Kind.OBJECT) {
            throw damage;
        }
        try (PeerCalls.Pulled pulled = calls.pull(holder, view, key, newest.stamp());
                ReceiveSession session = store.holdings()
                        .receive(bucket, key, pulled.description().size())) {
            Intake.fill(session, pulled.content());
            // As a change of its own: it takes the place of what has the same stamp here and is damaged.
            RecordDraft next = pulled.description().withStamp(newest.stamp().next(history.epoch()));
            Received received = Reliance.on(key, history.since(), () -> session.adopt(next));
            if (received.accepted()) {
                repaired.increment();
            }
        } catch (StoreException e) {
            e.addSuppressed(damage);
            throw PeerCalls.unavailable("a good copy of " + key + " at " + holder, e);
        }
    }
}
