package io.forebay.gateway.api.cluster;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.CopiesJob;
import io.forebay.gateway.core.Members;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.cluster.JobSnapshot;
import io.forebay.protocol.api.control.NodeStatus;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.protocol.api.control.Rebalance;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The moving of objects as AIStore's jobs: a rebalance for each epoch of owners, and a `make-n-copies` for each
/// change of a bucket's copies, which is an epoch as well.
///
/// A job is over when the state says that all objects are where its epoch, or a later one, places them. One that a
/// newer epoch supersedes goes on until then, as the newer one takes over what was left of it.
final class RebalanceJobs {
    private final Nodes nodes;
    private final Members members;
    private final InstantSource clock;

    RebalanceJobs(Nodes nodes, Members members, InstantSource clock) {
        this.nodes = nodes;
        this.members = members;
        this.clock = clock;
    }

    /// A job.
    ///
    /// @param bucket of a job of one bucket
    record Job(String id, String kind, long epoch, @Nullable BucketName bucket) {
        private static Job ofEpoch(long epoch) {
            return new Job(JobSnapshot.rebalanceId(epoch), JobSnapshot.REBALANCE, epoch, null);
        }
    }

    /// The job of that id; null when there never was such a job.
    @Nullable
    Job find(String id) {
        ClusterState state = nodes.state();
        CopiesJob copies = CopiesJob.find(id);
        if (copies != null && isKnown(state, copies.epoch())) {
            return new Job(id, CopiesJob.KIND, copies.epoch(), bucketName(state, copies.bucketId()));
        }
        if (id.length() > 1 && id.startsWith("g") && id.chars().skip(1).allMatch(c -> c >= '0' && c <= '9')) {
            long epoch = id.length() > 19 ? 0 : Long.parseLong(id.substring(1));
            return isKnown(state, epoch) ? Job.ofEpoch(epoch) : null;
        }
        return null;
    }

    private static boolean isKnown(ClusterState state, long epoch) {
        return epoch > 0
                && !state.epochs().isEmpty()
                && epoch <= state.newestEpoch().number();
    }

    private static @Nullable BucketName bucketName(ClusterState state, long id) {
        Bucket bucket = state.bucket(id);
        return bucket == null ? null : bucket.name();
    }

    /// The rebalance under way, else the last one that the nodes tell of; null when there is none.
    @Nullable
    Job latest() {
        ClusterState state = nodes.state();
        if (!state.isSettled()) {
            return Job.ofEpoch(state.newestEpoch().number());
        }
        long epoch = 0;
        for (NodeStatus status : members.statuses().nodes()) {
            epoch = Math.max(epoch, status.rebalance().epoch());
        }
        return epoch == 0 ? null : Job.ofEpoch(epoch);
    }

    boolean isRunning(Job job) {
        ClusterState state = nodes.state();
        return !state.isSettled() && job.epoch() > state.epochs().getFirst().number();
    }

    /// `{kind, uuid, err, end_time, aborted}`.
    Map<String, Object> status(Job job) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("kind", job.kind());
        status.put("uuid", job.id());
        status.put("err", "");
        status.put("end_time", isRunning(job) ? 0 : TimeUnit.MILLISECONDS.toNanos(endMillis(job)));
        status.put("aborted", false);
        return status;
    }

    /// When the last node was done; now, when no node can tell any more.
    private long endMillis(Job job) {
        long end = 0;
        for (NodeStatus status : members.statuses().nodes()) {
            Rebalance progress = status.rebalance();
            end = progress.epoch() == job.epoch() ? Math.max(end, progress.endedMillis()) : end;
        }
        return end == 0 ? clock.millis() : end;
    }

    /// What each storage node tells of a job, by node; without those that know nothing of it.
    Map<String, Object> snapshots(Job job) {
        NodeStatuses table = members.statuses();
        boolean running = isRunning(job);
        ClusterState state = nodes.state();
        Map<String, Object> byNode = new TreeMap<>();
        for (NodeStatus status : table.nodes()) {
            Rebalance progress = status.rebalance();
            boolean told = progress.epoch() == job.epoch();
            boolean awaited = running
                    && job.epoch() == state.newestEpoch().number()
                    && state.newestEpoch().owners().contains(new NodeId(status.id()));
            if (told || awaited) {
                Rebalance known = told ? progress : new Rebalance(job.epoch(), false, 0, 0, 0);
                byNode.put(status.id(), List.of(JobSnapshot.json(job.id(), job.kind(), job.bucket(), known, !running)));
            }
        }
        return byNode;
    }
}
