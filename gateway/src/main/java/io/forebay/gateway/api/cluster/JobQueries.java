package io.forebay.gateway.api.cluster;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.cluster.JobKinds;
import io.forebay.protocol.api.cluster.JobQuery;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Questions about jobs, answered by a cluster that runs none: what is asked is held to the rules all the same.
final class JobQueries {
    private final Nodes nodes;
    private final Buckets buckets;
    private final int maxMessageBytes;

    JobQueries(Nodes nodes, Buckets buckets, int maxMessageBytes) {
        this.nodes = nodes;
        this.buckets = buckets;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// The query in the request's body; an empty one means every job. Only where the exchange may wait.
    JobQuery read(Exchange exchange) {
        byte[] json = exchange.body().readAll(maxMessageBytes);
        return json.length == 0 ? new JobQuery(null, null, null, null, null) : WireJson.read(json, JobQuery.class);
    }

    /// `what=status`: of one job.
    Reply status(JobQuery query) {
        Check.argument(
                !query.idText().isEmpty() || !query.kindText().isEmpty(), "job status: neither id nor kind is given");
        requireKind(query);
        throw noSuchJob(query);
    }

    /// `what=status_all`.
    Reply statuses(JobQuery query) {
        requireKind(query);
        return JsonReply.of(List.of());
    }

    /// `what=running_all`.
    Reply running(JobQuery query) {
        requireKind(query);
        return JsonReply.of(List.of());
    }

    /// `what=qryxstats`: snapshots by storage node; none of them knows an id.
    Reply snapshots(JobQuery query) {
        requireKind(query);
        if (query.bucket() != null && !query.bucket().namesNone()) {
            buckets.require(query.bucket().bucketName());
        }
        if (!query.idText().isEmpty()) {
            throw noSuchJob(query);
        }
        Map<String, Object> byNode = new TreeMap<>();
        nodes.storageNodes().forEach(node -> byNode.put(node.id().value(), List.of()));
        return JsonReply.of(byNode);
    }

    /// `start`: no kind of job can be started by itself.
    Reply start(ActionMessage message) {
        JobQuery job = message.value(JobQuery.class);
        String kind = JobKinds.find(job.kindText());
        Check.argument(!kind.isEmpty(), "unknown job kind \"%s\"", job.kindText());
        Check.argument(JobKinds.isStartable(kind), "job kind \"%s\" is not startable", kind);
        throw new StoreException(ErrorCode.UNSUPPORTED, "jobs of kind \"" + kind + "\" are not offered");
    }

    /// `stop`: what does not run is stopped, as AIStore sees it.
    Reply stop(ActionMessage message) {
        JobQuery job = message.value(JobQuery.class);
        Check.argument(
                !job.idText().isEmpty() || !JobKinds.find(job.kindText()).isEmpty(),
                "cannot stop a job of neither id nor known kind (\"%s\")",
                job.kindText());
        return Reply.of(200);
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
