package io.forebay.storage.peer;

import io.forebay.cluster.placement.Holding;
import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.placement.Run;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.List;

/// One cluster state as this node acts on it: where keys belong, and which of the epochs this node has
/// prepared. Immutable but for the count of the commits under it.
public final class View {
    private final Placements placements;
    private final Commits commits;
    private final long fenced;
    private final boolean settled;

    /// @param fenced the newest epoch for which older commits are admitted no more
    View(Placements placements, Commits commits, long fenced) {
        this.placements = placements;
        this.commits = commits;
        this.fenced = fenced;
        this.settled = placements.areSettled();
    }

    /// Whether a node answers for a key.
    public enum Standing {
        /// This one does.
        PRIMARY,
        /// Another one does.
        OTHER,
        /// Nobody does, until the newest epoch serves.
        AWAITED
    }

    public ClusterState state() {
        return placements.state();
    }

    public Placements placements() {
        return placements;
    }

    /// Whether every object is where it belongs.
    public boolean isSettled() {
        return settled;
    }

    /// The number of the epoch that serves; 0 before there was one.
    public long servingEpoch() {
        return placements.serving().number();
    }

    /// The number of the newest epoch, whether it serves or not.
    long newestEpoch() {
        return placements.newest().number();
    }

    long fenced() {
        return fenced;
    }

    Commits commits() {
        return commits;
    }

    /// How a node stands to a key, as far as the node that has this view knows.
    Standing standing(NodeId node, Bucket bucket, ObjectKey key) {
        if (!settled && fenced >= newestEpoch() && placements.isMoving(key, bucket)) {
            return Standing.AWAITED;
        }
        return placements.isPrimary(node, key) ? Standing.PRIMARY : Standing.OTHER;
    }

    /// The node that answers for a key under the epoch that serves. Throws NODE_UNAVAILABLE when there is
    /// none.
    public NodeId primary(ObjectKey key) {
        return placements.primary(key).id();
    }

    /// Where a key belongs and has belonged. Throws NODE_UNAVAILABLE when it has no primary.
    public KeyHistory history(Bucket bucket, ObjectKey key) {
        List<NodeId> holders = bucket.most() == 1 ? List.of(primary(key)) : ids(placements.holders(key, bucket));
        if (settled) {
            return new KeyHistory(servingEpoch(), holders, servingEpoch(), true, List.of());
        }
        Run run = placements.run(key, bucket);
        List<KeyHistory.Step> earlier =
                placements.earlier(key, bucket).stream().map(View::step).toList();
        return new KeyHistory(servingEpoch(), holders, run.first(), run.isWhole(), earlier);
    }

    /// Whether more nodes may have objects of the bucket than are to hold them, since it had more copies.
    public boolean mayHaveMore(BucketName name) {
        Bucket bucket = state().bucket(name);
        return bucket != null && bucket.most() > bucket.copies();
    }

    /// Whether a commit of a key under that epoch, by that node as its primary, is one that no epoch forbids
    /// which this node has prepared.
    boolean allows(long epoch, NodeId sender, Bucket bucket, ObjectKey key) {
        return placements.isPrimary(sender, key, epoch) && placements.areSame(key, bucket, epoch, fenced);
    }

    private static KeyHistory.Step step(Holding holding) {
        return new KeyHistory.Step(holding.epoch(), ids(holding.nodes()), holding.sure());
    }

    private static List<NodeId> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }
}
