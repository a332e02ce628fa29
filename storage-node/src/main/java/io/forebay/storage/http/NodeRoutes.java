package io.forebay.storage.http;

import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.info.NodeQueries;
import io.forebay.storage.peer.PeerHandler;
import io.forebay.storage.peer.PeerPath;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which operation a request means.
final class NodeRoutes {
    /// For a request that has to wait, which its exchange may not.
    static final Endpoint WAIT = new Endpoint(Operation.UNKNOWN, () -> Reply.WOULD_WAIT);

    private final Ownership ownership;
    private final ObjectRoutes objects;
    private final BatchRequests batches;
    private final ItemRequests items;
    private final PeerHandler peers;
    private final BucketRequests buckets;
    private final JointRemovals removals;
    private final NodeQueries queries;
    private final VolumeRequests volumes;
    private final ScrubRequests scrubs;
    private final int maxMessageBytes;

    NodeRoutes(
            Ownership ownership,
            ObjectRoutes objects,
            BatchRequests batches,
            ItemRequests items,
            PeerHandler peers,
            Operations operations,
            int maxMessageBytes) {
        this.ownership = ownership;
        this.objects = objects;
        this.batches = batches;
        this.items = items;
        this.peers = peers;
        this.buckets = operations.buckets();
        this.removals = operations.removals();
        this.queries = operations.queries();
        this.volumes = operations.volumes();
        this.scrubs = operations.scrubs();
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Everything that a request can mean, by group.
    record Operations(
            ObjectReads reads,
            NativeHeads heads,
            ObjectParts parts,
            ObjectWrites writes,
            MemberWrites members,
            ObjectCopies copies,
            UploadRequests uploads,
            AppendRequests appends,
            BucketRequests buckets,
            JointRemovals removals,
            NodeQueries queries,
            VolumeRequests volumes,
            ScrubRequests scrubs) {}

    /// An operation, and how it answers the request that was looked at.
    record Endpoint(Operation operation, Supplier<Reply> answer) {}

    /// Finds the operation; nothing has happened yet but the reading of a message body. Throws
    /// INVALID_ARGUMENT when there is none, NO_SUCH_BUCKET, and what `Ownership` throws.
    Endpoint find(Exchange exchange) {
        NativePath path = NativePath.parse(exchange.request().rawPath());
        return switch (path.collection()) {
            case NativePath.OBJECTS -> objects.find(exchange, path);
            case PeerPath.PEER ->
                exchange.mayWait() ? new Endpoint(Operation.PEER, () -> peers.answer(exchange, path)) : WAIT;
            case NativePath.BUCKETS -> bucket(exchange, path);
            case "ml" -> batch(exchange, path);
            case "daemon" -> daemon(exchange, path);
            case "health" -> health(exchange);
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid URL path \"" + exchange.request().rawPath() + "\"");
        };
    }

    private Endpoint bucket(Exchange exchange, NativePath path) {
        Method method = exchange.request().method();
        if (method != Method.GET && method != Method.DELETE) {
            return new Endpoint(Operation.UNKNOWN, () -> NodeErrors.methodNotAllowed(method, "DELETE, GET"));
        }
        if (!exchange.mayWait()) {
            return WAIT;
        }
        Query query = exchange.request().query();
        BucketName name = path.bucketName(query);
        @Nullable ClusterState state = ownership.stateFor(exchange, query);
        if (state == null) {
            return WAIT;
        }
        Ownership.bucket(state, name);
        String what = query.find(AisQuery.WHAT, "");
        return method == Method.DELETE ? removals(exchange, name, what) : bucket(exchange, name, what);
    }

    private Endpoint removals(Exchange exchange, BucketName name, String what) {
        if (!what.equals("objects")) {
            throw unexpected(name, what);
        }
        return new Endpoint(
                Operation.DELETE_MANY,
                () -> removals.remove(exchange, name, exchange.body().readAll(maxMessageBytes)));
    }

    private static StoreException unexpected(BucketName name, String what) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "unexpected query what=\"" + what + "\" of " + name);
    }

    private Endpoint bucket(Exchange exchange, BucketName name, String what) {
        return switch (what) {
            case "page" ->
                new Endpoint(
                        Operation.LIST_PAGE,
                        () -> buckets.page(name, exchange.body().readAll(maxMessageBytes)));
            case "holdings" ->
                new Endpoint(
                        Operation.LIST_HOLDINGS,
                        () -> buckets.holdings(name, exchange.body().readAll(maxMessageBytes)));
            case "entries" ->
                new Endpoint(
                        Operation.LIST_ENTRIES,
                        () -> buckets.entries(name, exchange.body().readAll(maxMessageBytes)));
            case "versions" ->
                new Endpoint(
                        Operation.LIST_VERSIONS,
                        () -> buckets.versions(name, exchange.body().readAll(maxMessageBytes)));
            case "versionnames" ->
                new Endpoint(
                        Operation.LIST_VERSIONS,
                        () -> buckets.versionNames(name, exchange.body().readAll(maxMessageBytes)));
            case "versionsof" ->
                new Endpoint(
                        Operation.LIST_VERSIONS,
                        () -> buckets.versionsOf(name, exchange.body().readAll(maxMessageBytes)));
            case "uploads" -> new Endpoint(Operation.LIST_UPLOADS, () -> buckets.uploads(name));
            default -> throw unexpected(name, what);
        };
    }

    private Endpoint batch(Exchange exchange, NativePath path) {
        // Only a node is believed that it was led here by a state.
        boolean ofNode = path.bucket().equals(ItemRequests.PATH) && Ownership.isRelayed(exchange);
        if (!ofNode && !path.bucket().equals(BatchRequest.PATH)) {
            throw NodeErrors.noSuchApi(exchange.request().rawPath());
        }
        Method method = exchange.request().method();
        if (method != Method.GET) {
            return new Endpoint(Operation.UNKNOWN, () -> NodeErrors.methodNotAllowed(method, "GET"));
        }
        if (!exchange.mayWait()) {
            return WAIT;
        }
        return ofNode
                ? new Endpoint(Operation.PEER, () -> items.answer(exchange))
                : new Endpoint(Operation.BATCH, () -> batches.answer(exchange, path));
    }

    private Endpoint daemon(Exchange exchange, NativePath path) {
        if (path.bucket().equals(ScrubRequests.PATH)) {
            return exchange.mayWait() ? new Endpoint(Operation.SCRUB, () -> scrubs.answer(exchange)) : WAIT;
        }
        if (path.bucket().equals(VolumeRequests.PATH)) {
            return exchange.mayWait() ? new Endpoint(Operation.VOLUMES, () -> volumes.answer(exchange)) : WAIT;
        }
        if (exchange.request().method() == Method.PUT) {
            return exchange.mayWait() ? new Endpoint(Operation.NODE_ORDER, () -> queries.order(exchange)) : WAIT;
        }
        if (exchange.request().method() != Method.GET) {
            return new Endpoint(
                    Operation.UNKNOWN,
                    () -> NodeErrors.methodNotAllowed(exchange.request().method(), "GET, PUT"));
        }
        return exchange.mayWait()
                ? new Endpoint(
                        Operation.NODE_QUERY,
                        () -> queries.answer(exchange.request().query()))
                : WAIT;
    }

    private Endpoint health(Exchange exchange) {
        Method method = exchange.request().method();
        return method == Method.GET || method == Method.HEAD
                ? new Endpoint(
                        Operation.HEALTH,
                        () -> queries.health(exchange.request().query()))
                : new Endpoint(Operation.UNKNOWN, () -> NodeErrors.methodNotAllowed(method, "GET, HEAD"));
    }
}
