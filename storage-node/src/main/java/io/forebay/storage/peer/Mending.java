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
    /// lost; what holders of earlier epochs have may be older. Throws the damage when none of them has one, and
    /// NODE_UNAVAILABLE when one that may have a newer one does not answer.
    public void mend(View view, Bucket bucket, ObjectKey key, StoreException damage) {
        KeyHistory history = view.history(bucket, key);
        Inquiry inquiry = Inquiry.amongOthers(history, fence.self(), damage);
        calls.ask(inquiry, view, key);
        Answer newest = newest(inquiry, key, damage);
        NodeId holder = inquiry.holder();
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

    private static Answer newest(Inquiry inquiry, ObjectKey key, StoreException damage) {
        try {
            return inquiry.newest();
        } catch (StoreException e) {
            if (e == damage) {
                throw damage;
            }
            e.addSuppressed(damage);
            throw PeerCalls.unavailable("a good copy of " + key, e);
        }
    }
}
