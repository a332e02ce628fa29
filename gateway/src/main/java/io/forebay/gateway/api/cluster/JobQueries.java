package io.forebay.gateway.api.cluster;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Members;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.cluster.JobKinds;
import io.forebay.protocol.api.cluster.JobQuery;
import io.forebay.protocol.api.cluster.JobSnapshot;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Questions about jobs. The only ones are those that move objects; what else is asked is held to the rules all the
/// same.
final class JobQueries {
    private final Nodes nodes;
    private final Members members;
    private final Buckets buckets;
    private final RebalanceJobs rebalances;
    private final int maxMessageBytes;

    JobQueries(Nodes nodes, Members members, Buckets buckets, RebalanceJobs rebalances, int maxMessageBytes) {
        this.nodes = nodes;
        this.members = members;
        this.buckets = buckets;
        this.rebalances = rebalances;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// The query in the request's body; an empty one means every job. Only where the exchange may wait.
    JobQuery read(Exchange exchange) {
        byte[] json = exchange.body().readAll(maxMessageBytes);
        return json.length == 0 ? new JobQuery(null, null, null, null, null) : WireJson.read(json, JobQuery.class);
    }

    /// `what=status`: of one job. Throws NO_SUCH_JOB.
    Reply status(JobQuery query) {
        Check.argument(
                !query.idText().isEmpty() || !query.kindText().isEmpty(), "job status: neither id nor kind is given");
        RebalanceJobs.Job job = find(query);
        if (job == null) {
            throw noSuchJob(query);
        }
        return JsonReply.of(rebalances.status(job));
    }

    /// `what=status_all`.
    Reply statuses(JobQuery query) {
        RebalanceJobs.Job job = find(query);
        return JsonReply.of(job == null ? List.of() : List.of(rebalances.status(job)));
    }

    /// `what=running_all`: as `kind[id]`.
    Reply running(JobQuery query) {
        RebalanceJobs.Job job = find(query);
        if (job == null || !rebalances.isRunning(job)) {
            return JsonReply.of(List.of());
        }
        return JsonReply.of(List.of(job.kind() + "[" + job.id() + "]"));
    }

    /// `what=qryxstats`: snapshots by storage node. Throws NO_SUCH_JOB for an id that no node knows.
    Reply snapshots(JobQuery query) {
        if (query.bucket() != null && !query.bucket().namesNone()) {
            buckets.require(query.bucket().bucketName());
        }
        RebalanceJobs.Job job = find(query);
        Map<String, Object> known = job == null ? Map.of() : rebalances.snapshots(job);
        boolean shown = job != null && (!Boolean.TRUE.equals(query.onlyActive()) || rebalances.isRunning(job));
        if (!query.idText().isEmpty()) {
            if (!shown || known.isEmpty()) {
                throw noSuchJob(query);
            }
            return JsonReply.of(known);
        }
        Map<String, Object> byNode = new TreeMap<>();
        nodes.storageNodes().forEach(node -> byNode.put(node.id().value(), List.of()));
        if (shown) {
            byNode.putAll(known);
        }
        return JsonReply.of(byNode);
    }

    /// `start`: of a rebalance, which nodes begin by themselves whenever their number changes: an order makes them look
    /// again. The one under way is what was asked for. Throws UNSUPPORTED for other kinds.
    Reply start(ActionMessage message) {
        JobQuery job = message.value(JobQuery.class);
        String kind = JobKinds.find(job.kindText());
        Check.argument(!kind.isEmpty(), "unknown job kind \"%s\"", job.kindText());
        Check.argument(JobKinds.isStartable(kind), "job kind \"%s\" is not startable", kind);
        if (kind.equals(JobSnapshot.REBALANCE)) {
            int owners = nodes.state().owners().size();
            Check.argument(owners >= 2, "not enough targets: need 2, have %s", owners);
            return Reply.text(200, JobSnapshot.rebalanceId(members.rebalance()));
        }
        throw new StoreException(ErrorCode.UNSUPPORTED, "jobs of kind \"" + kind + "\" are not offered");
    }

    /// `stop`: what does not run is stopped, as AIStore sees it. Throws UNSUPPORTED for a rebalance under way: objects
    /// have to follow those who serve them.
    Reply stop(ActionMessage message) {
        JobQuery query = message.value(JobQuery.class);
        String kind = JobKinds.find(query.kindText());
        Check.argument(
                !query.idText().isEmpty() || !kind.isEmpty(),
                "cannot stop a job of neither id nor known kind (\"%s\")",
                query.kindText());
        RebalanceJobs.Job job = query.idText().isEmpty() ? ofKind(kind) : rebalances.find(query.idText());
        if (job != null && rebalances.isRunning(job)) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED,
                    "cannot abort " + job.kind() + "[" + job.id()
                            + "]: objects have to follow the nodes that serve them; slow it down with the setting"
                            + " storage.rebalance.bandwidth");
        }
        return Reply.of(200);
    }

    /// The job that is meant: of the id, or the latest of the kind, or of any. Throws INVALID_ARGUMENT for a kind that
    /// there is not, or that is not the job's.
    private RebalanceJobs.@Nullable Job find(JobQuery query) {
        requireKind(query);
        String kind = JobKinds.find(query.kindText());
        if (query.idText().isEmpty()) {
            boolean ofOneBucket = query.bucket() != null && !query.bucket().namesNone();
            return ofOneBucket ? null : ofKind(kind);
        }
        RebalanceJobs.Job job = rebalances.find(query.idText());
        Check.argument(
                job == null || kind.isEmpty() || kind.equals(job.kind()),
                "kind mismatch: job [%s] is not of kind \"%s\"",
                query.idText(),
                kind);
        return job;
    }

    private RebalanceJobs.@Nullable Job ofKind(String kind) {
        return kind.isEmpty() || kind.equals(JobSnapshot.REBALANCE) ? rebalances.latest() : null;
    }

    private static void requireKind(JobQuery query) {
        String kind = query.kindText();
        Check.argument(kind.isEmpty() || !JobKinds.find(kind).isEmpty(), "unknown job kind \"%s\"", kind);
    }

    private static StoreException noSuchJob(JobQuery query) {
        return new StoreException(
                ErrorCode.NO_SUCH_JOB, "job " + query.kindText() + "[" + query.idText() + "] does not exist");
    }
}
