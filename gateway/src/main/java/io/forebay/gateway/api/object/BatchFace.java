package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Nodes;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.batch.BatchEntry;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.api.bucket.AccessMask.Right;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `GET /v1/ml/moss[/BUCKET]`: checks what is asked for, and lets the node that owns most of it make the
/// batch: in this process or, where callers have to authenticate, through this gateway; else by a redirect.
public final class BatchFace {
    private final Nodes nodes;
    private final Objects objects;
    private final AccessRule rule;
    private final Redirects redirects;
    private final boolean authentication;
    private final Set<NodeId> local;
    private final int maxMessageBytes;

    /// @param local the storage nodes that are called in this process instead of redirecting to them
    /// @param authentication whether callers have to authenticate
    public BatchFace(
            Nodes nodes,
            Objects objects,
            Buckets buckets,
            Permissions permissions,
            Redirects redirects,
            Set<NodeId> local,
            boolean authentication,
            int maxMessageBytes) {
        this.nodes = nodes;
        this.objects = objects;
        this.rule = new AccessRule(permissions, buckets, objects, authentication);
        this.redirects = redirects;
        this.local = Set.copyOf(local);
        this.authentication = authentication;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Answers the request of an admitted caller; `query` is its own, parsed. Throws NO_SUCH_BUCKET,
    /// FORBIDDEN, INVALID_ARGUMENT.
    public Reply handle(Exchange exchange, Query query, Caller caller) {
        NativePath path = NativePath.parse(exchange.request().rawPath());
        if (!path.bucket().equals(BatchRequest.PATH)) {
            throw NodeErrors.noSuchApi(exchange.request().rawPath());
        }
        Method method = exchange.request().method();
        if (method != Method.GET) {
            return NodeErrors.methodNotAllowed(method, "GET");
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        byte[] message = exchange.body().readAll(maxMessageBytes);
        BatchRequest request = WireJson.read(message, BatchRequest.class);
        Objects.Location location = check(request, path.trailingBucketName(query), rule.of(exchange, caller));
        if (authentication || local.contains(location.owner().id())) {
            // A redirect would let the caller ask the node for other objects than were allowed.
            return nodes.tell(
                    exchange,
                    location.owner().id(),
                    Method.GET,
                    exchange.request().target(),
                    message);
        }
        return redirects.withBody(location, exchange.request(), exchange.secure());
    }

    /// Checks every entry, and gives the owner of most.
    ///
    /// @param fallback the bucket of entries that name none, or null
    private Objects.Location check(BatchRequest request, @Nullable BucketName fallback, AccessRule.OfCaller access) {
        Map<Node, Integer> counts = new HashMap<>();
        Objects.Location some = null;
        for (BatchEntry entry : request.entries()) {
            ObjectKey key = entry.key(fallback);
            access.require(key, Right.GET);
            Objects.Location location = objects.locate(key);
            counts.merge(location.owner(), 1, Integer::sum);
            some = location;
        }
        Node most = counts.entrySet().stream()
                .max(Comparator.comparingInt((Map.Entry<Node, Integer> entry) -> entry.getValue())
                        .thenComparing(entry -> entry.getKey().id().value()))
                .orElseThrow()
                .getKey();
        return new Objects.Location(most, java.util.Objects.requireNonNull(some).stateVersion());
    }
}
