package io.forebay.gateway.routing;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NodeErrors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One cluster state with what routing derives from it, computed once: a request keeps one to its end.
public final class Snapshot {
    private final ClusterState state;
    private final Placements placements;
    private final List<Node> owners;
    private final String versionText;
    private final String epochLabel;

    Snapshot(ClusterState state) {
        this.state = state;
        this.placements = Placements.of(state);
        this.owners = state.owners();
        this.versionText = Long.toString(state.version());
        this.epochLabel = placements.label();
    }

    public ClusterState state() {
        return state;
    }

    /// The state's version in decimal, as `Forebay-State-Version` carries it.
    public String versionText() {
        return versionText;
    }

    /// The storage nodes that own objects, by id.
    public List<Node> owners() {
        return owners;
    }

    /// Names the epochs of owners among which objects are, as storage nodes do in `Forebay-Epoch`.
    public String epochLabel() {
        return epochLabel;
    }

    /// Where objects are under this state.
    public Placements placements() {
        return placements;
    }

    /// The node that serves the key: its primary under the epoch that serves. Throws NODE_UNAVAILABLE when
    /// there is none.
    public Node owner(ObjectKey key) {
        return placements.primary(key);
    }

    public @Nullable Bucket bucket(BucketName name) {
        return state.bucket(name);
    }

    /// The bucket of that name. Throws NO_SUCH_BUCKET.
    public Bucket require(BucketName name) {
        Bucket bucket = state.bucket(name);
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(name);
        }
        return bucket;
    }
}
