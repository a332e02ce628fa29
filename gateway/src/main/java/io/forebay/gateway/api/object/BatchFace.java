package io.forebay.gateway.api.object;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.core.Batches;
import io.forebay.gateway.core.Buckets;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// `GET /v1/ml/moss[/BUCKET]`: checks what is asked for, and lets the node that owns most of it make the
/// batch: through this gateway, or by a redirect.
public final class BatchFace {
    private final Batches batches;
    private final AccessRule rule;
    private final Redirects redirects;
    private final Predicate<NodeId> relays;
    private final int maxMessageBytes;

    /// @param relays whether the batches of a node pass through this gateway
    /// @param authentication whether callers have to authenticate
    public BatchFace(
            Batches batches,
            Objects objects,
            Buckets buckets,
            Permissions permissions,
            Redirects redirects,
            Predicate<NodeId> relays,
            boolean authentication,
            int maxMessageBytes) {
        this.batches = batches;
        this.rule = new AccessRule(permissions, buckets, objects, authentication);
        this.redirects = redirects;
        // A redirect would let the caller ask the node for other objects than were allowed.
        this.relays = node -> authentication || relays.test(node);
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
        List<ObjectKey> keys = check(request, path.trailingBucketName(query), rule.of(exchange, caller));
        Batches.Makers makers = batches.makers(keys);
        Objects.Location first = makers.first();
        return relays.test(first.owner().id())
                ? batches.make(exchange, makers, message)
                : redirects.withBody(first, exchange.request(), exchange.secure());
    }

    /// Checks every entry, and gives its object.
    ///
    /// @param fallback the bucket of entries that name none, or null
    private static List<ObjectKey> check(
            BatchRequest request, @Nullable BucketName fallback, AccessRule.OfCaller access) {
        List<ObjectKey> keys = new ArrayList<>(request.entries().size());
        for (BatchEntry entry : request.entries()) {
            ObjectKey key = entry.key(fallback);
            access.require(key, Right.GET);
            keys.add(key);
        }
        return keys;
    }
}
