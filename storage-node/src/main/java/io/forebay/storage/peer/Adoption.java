package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Held;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReceiveSession;
import io.forebay.storage.object.Received;
import java.util.concurrent.atomic.LongAdder;

/// Makes the newest value of a key this node's own, and its other holders': whoever asks for the key from now
/// on finds it here, under the stamp that it has.
final class Adoption {
    private final Fence fence;
    private final ObjectStore store;
    private final PeerCalls calls;
    private final LongAdder adopted;
    private final LongAdder bytes;

    Adoption(Fence fence, ObjectStore store, PeerCalls calls, Metrics metrics) {
        this.fence = fence;
        this.store = store;
        this.calls = calls;
        String labels = "node=\"" + fence.self() + "\"";
        this.adopted = metrics.counter(PeerMetric.ADOPTED, labels);
        this.bytes = metrics.counter(PeerMetric.ADOPTED_BYTES, labels);
    }

    /// Returns when the value that was found is here, and where others hold the key, there too. Throws
    /// NODE_UNAVAILABLE when that cannot be, and NOT_OWNER when the key has changed its owner meanwhile.
    void adopt(View view, Bucket bucket, ObjectKey key, Consult.Found found) {
        Answer newest = found.inquiry().newest();
        boolean remote = !found.inquiry().holder().equals(fence.self());
        boolean shared = !found.history().replicas().isEmpty();
        switch (newest.kind()) {
            case NOTHING -> {
                // There is nothing to have.
            }
            case OBJECT -> {
                if (remote) {
                    fetch(view, bucket, key, found.inquiry().holder(), newest.stamp(), found.history());
                }
                if (!remote && shared && !found.inquiry().isAgreed()) {
                    spread(bucket, key, found.history());
                }
            }
            case REMOVED -> {
                if (shared && (remote || !found.inquiry().isAgreed())) {
                    spreadRemoval(bucket, key, newest.stamp(), found.history());
                } else if (remote && found.local().kind() == Answer.Kind.OBJECT) {
                    remove(bucket, key, newest.stamp(), found.history());
                }
            }
        }
    }

    /// Fetches an object from a node that has it, verified, and commits it under its own stamp: at the other
    /// holders and here.
    @SuppressWarnings("try") // What is admitted ends when the block does.
    private void fetch(View view, Bucket bucket, ObjectKey key, NodeId node, Stamp stamp, KeyHistory history) {
        Received received = pulled(
                view,
                bucket,
                key,
                node,
                stamp,
                (session, description) -> Reliance.on(key, history.since(), () -> session.adopt(description)));
        if (received.accepted()) {
            adopted.increment();
            return;
        }
        Held here = store.holdings().find(bucket, key);
        if (here == null || stamp.isNewerThan(here.stamp())) {
            // Another holder has a change that was never acknowledged: this one goes above it.
            pulled(view, bucket, key, node, stamp, (session, description) -> {
                try (Fence.Admitted admitted = fence.enter(bucket, key, history.since())) {
                    return session.adoptAlone(description);
                }
            });
            spread(bucket, key, history);
        }
    }

    /// What becomes of an object that was fetched.
    @FunctionalInterface
    private interface Use {
        Received of(ReceiveSession session, RecordDraft description);
    }

    private Received pulled(View view, Bucket bucket, ObjectKey key, NodeId node, Stamp stamp, Use use) {
        PeerCalls.Pulled object;
        try {
            object = calls.pull(node, view, key, stamp);
        } catch (StoreException e) {
            throw e.code() == ErrorCode.NO_SUCH_OBJECT
                    ? fence.movedAway(key)
                    : PeerCalls.unavailable(key + " cannot be fetched from " + node, e);
        }
        try (object;
                ReceiveSession session = store.holdings()
                        .receive(bucket, key, object.description().size())) {
            Intake.fill(session, object.content());
            bytes.add(object.description().size());
            return use.of(session, object.description());
        }
    }

    /// Writes what is here again, as a change like any other: then the other holders have it, and it is newer
    /// than whatever one of them may have that was never acknowledged.
    private void spread(Bucket bucket, ObjectKey key, KeyHistory history) {
        try {
            Reliance.on(key, history.since(), () -> store.renew(bucket, key));
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NO_SUCH_OBJECT) {
                throw e;
            }
            // It was removed meanwhile, as a change of this epoch: the holders have that.
        }
    }

    /// As `spread`, of a removal; a change that was made here meanwhile stays.
    private void spreadRemoval(Bucket bucket, ObjectKey key, Stamp stamp, KeyHistory history) {
        Reliance.on(key, history.since(), () -> {
            store.spreadRemoval(bucket, key, stamp);
            return stamp;
        });
    }

    @SuppressWarnings("try") // What is admitted ends when the block does.
    private void remove(Bucket bucket, ObjectKey key, Stamp stamp, KeyHistory history) {
        try (Fence.Admitted admitted = fence.enter(bucket, key, history.since())) {
            store.holdings().adoptRemoval(bucket, key, stamp);
        }
    }
}
