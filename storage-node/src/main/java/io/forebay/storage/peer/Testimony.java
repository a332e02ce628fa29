package io.forebay.storage.peer;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.placement.Run;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.storage.metadata.Stamp;
import java.util.List;

/// What this node's word counts for on the many keys of a bucket, for whoever hears several nodes: under
/// one view, and with a lease from before the keys are looked at until after (`require`).
public final class Testimony {
    private final Fence fence;
    private final View view;
    private final Bucket bucket;
    private final boolean complete;

    private Testimony(Fence fence, View view, Bucket bucket) {
        this.fence = fence;
        this.view = view;
        this.bucket = bucket;
        this.complete = fence.complete(bucket) >= view.servingEpoch();
    }

    /// How much a node knows of a key.
    public enum Weight {
        /// It answers for the key, and what it has is the newest.
        CERTAIN,
        /// The newest that any node has counts.
        UNCERTAIN,
        /// Another node knows for certain, or what this one has is no value.
        NONE
    }

    /// Waits for the lease. Throws NODE_UNAVAILABLE without one, NO_SUCH_BUCKET.
    public static Testimony of(Fence fence, BucketName name) {
        fence.lease().require();
        View view = fence.view();
        Bucket bucket = view.state().bucket(name);
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(name);
        }
        return new Testimony(fence, view, bucket);
    }

    public View view() {
        return view;
    }

    public Bucket bucket() {
        return bucket;
    }

    /// What the node has of a key, by the stamp of that. While owners change only; `answersFor` tells it
    /// otherwise.
    public Weight weigh(String name, Stamp stamp) {
        ObjectKey key = key(name);
        Placements placements = view.placements();
        NodeId self = fence.self();
        boolean replaced = stamp.epoch() <= placements.base().number() && !placements.isBased(self, key, bucket);
        if (replaced || !placements.mayHold(self, key, bucket)) {
            return Weight.NONE;
        }
        // Also while the next epoch has yet to serve the key: it may never do so, and then what the primary of this one
        // has counts again. A list that told of a change which only another holder has would have told too much.
        Run run = placements.run(key, bucket);
        if (placements.isPrimary(self, key)) {
            return isNewest(run, stamp) ? Weight.CERTAIN : Weight.UNCERTAIN;
        }
        // What its primary does not have was never acknowledged, or was removed.
        return run.isWhole() ? Weight.NONE : Weight.UNCERTAIN;
    }

    private boolean isNewest(Run run, Stamp stamp) {
        return run.isWhole() || complete || stamp.epoch() >= run.first();
    }

    /// Whether the node answers for every key there is.
    public boolean answersForAll() {
        return view.placements().serving().owners().equals(List.of(fence.self()));
    }

    /// Whether the node answers for a key.
    public boolean answersFor(String name) {
        return view.placements().isPrimary(fence.self(), key(name));
    }

    /// Whether an upload in progress of that object may be this node's.
    public boolean mayHaveUploads(String name) {
        return view.placements().mayBePrimary(fence.self(), key(name));
    }

    /// Names the epochs that this holds under.
    public String label() {
        return view.placements().label();
    }

    /// Makes sure that it held for what was looked up meanwhile. Throws NODE_UNAVAILABLE when the node's
    /// lease ended, STALE_MAP when owners changed.
    public void require() {
        if (!fence.lease().isLive()) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, fence.self() + " lost its lease while it listed");
        }
        View now = fence.view();
        boolean same =
                now.fenced() == view.fenced() && now.placements().label().equals(label()) && bucket.id() == idOf(now);
        if (!same) {
            throw new StoreException(
                    ErrorCode.STALE_MAP,
                    "owners of objects changed while " + fence.self() + " listed " + bucket.name());
        }
    }

    private long idOf(View now) {
        Bucket known = now.state().bucket(bucket.name());
        return known == null ? 0 : known.id();
    }

    private ObjectKey key(String name) {
        return new ObjectKey(bucket.name(), name);
    }
}
