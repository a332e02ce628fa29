package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.info.NodeQueries;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which operation a request means.
final class NodeRoutes {
    private static final String OBJECT_METHODS = "DELETE, GET, HEAD, PATCH, POST, PUT";
    private static final Endpoint WAIT = new Endpoint(Operation.UNKNOWN, () -> Reply.WOULD_WAIT);

    private final Ownership ownership;
    private final ObjectReads reads;
    private final NativeHeads heads;
    private final ObjectWrites writes;
    private final ObjectCopies copies;
    private final UploadRequests uploads;
    private final AppendRequests appends;
    private final BucketRequests buckets;
    private final NodeQueries queries;
    private final VolumeRequests volumes;
    private final ScrubRequests scrubs;
    private final int maxMessageBytes;

    NodeRoutes(Ownership ownership, Operations operations, int maxMessageBytes) {
        this.ownership = ownership;
        this.reads = operations.reads();
        this.heads = operations.heads();
        this.writes = operations.writes();
        this.copies = operations.copies();
        this.uploads = operations.uploads();
        this.appends = operations.appends();
        this.buckets = operations.buckets();
        this.queries = operations.queries();
        this.volumes = operations.volumes();
        this.scrubs = operations.scrubs();
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Everything that a request can mean, by group.
    record Operations(
            ObjectReads reads,
            NativeHeads heads,
            ObjectWrites writes,
            ObjectCopies copies,
            UploadRequests uploads,
            AppendRequests appends,
            BucketRequests buckets,
            NodeQueries queries,
            VolumeRequests volumes,
            ScrubRequests scrubs) {}

    /// An operation, and how it answers the request that was looked at.
    record Endpoint(Operation operation, Supplier<Reply> answer) {}

    /// Finds the operation; nothing has happened yet but the reading of a message body. Throws INVALID_ARGUMENT
    /// when there is none, NO_SUCH_BUCKET, and what `Ownership` throws.
    Endpoint find(Exchange exchange) {
        NativePath path = NativePath.parse(exchange.request().rawPath());
        return switch (path.collection()) {
            case NativePath.OBJECTS -> object(exchange, path);
            case NativePath.BUCKETS -> bucket(exchange, path);
            case "daemon" -> daemon(exchange, path);
            case "health" -> health(exchange);
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid URL path \"" + exchange.request().rawPath() + "\"");
        };
    }

    private Endpoint object(Exchange exchange, NativePath path) {
        Method method = exchange.request().method();
        boolean reads = method == Method.GET || method == Method.HEAD;
        if (method == Method.OPTIONS) {
            return new Endpoint(Operation.UNKNOWN, () -> NodeErrors.methodNotAllowed(method, OBJECT_METHODS));
        }
        if (!reads && !exchange.mayWait()) {
            return WAIT;
        }
        Query query = exchange.request().query();
        ObjectKey key = path.key(query);
        ClusterState state = ownership.stateFor(exchange, query);
        if (state == null) {
            return WAIT;
        }
        Bucket bucket = Ownership.bucket(state, key.bucket());
        ownership.require(state, key, exchange, query);
        ObjectRequest request = new ObjectRequest(exchange, query, key, bucket, state);
        if (!request.extended()) {
            NativePath.checkObjectName(key.name(), method == Method.PUT || method == Method.POST);
        }
        return switch (method) {
            case GET -> get(request);
            case HEAD -> head(request);
            case PUT -> put(request);
            case DELETE -> delete(request);
            case POST -> post(request);
            case PATCH -> new Endpoint(Operation.PATCH, () -> writes.patch(request, message(exchange)));
            case OPTIONS -> throw new IllegalStateException("answered above");
        };
    }

    private Endpoint get(ObjectRequest request) {
        if (!request.extended() || !request.query().contains(AisQuery.UPLOAD_ID)) {
            return new Endpoint(Operation.GET, () -> reads.get(request));
        }
        if (!request.exchange().mayWait()) {
            return WAIT;
        }
        return new Endpoint(Operation.LIST_PARTS, () -> uploads.list(request));
    }

    private Endpoint head(ObjectRequest request) {
        return new Endpoint(Operation.HEAD, () -> request.extended() ? reads.head(request) : heads.head(request));
    }

    /// In AIStore's order of precedence.
    private Endpoint put(ObjectRequest request) {
        Query query = request.query();
        if (!query.find(AisQuery.OBJECT_TO, "").isEmpty()) {
            return new Endpoint(Operation.COPY, () -> copies.copy(request));
        }
        if (!query.find(AisQuery.UPLOAD_ID, "").isEmpty()) {
            return new Endpoint(Operation.PUT_PART, () -> uploads.put(request));
        }
        UnofferedParameters.refuseToWrite(request);
        String append = query.find(AisQuery.APPEND_TYPE, "");
        return switch (append) {
            case "" -> new Endpoint(Operation.PUT, () -> writes.put(request));
            case AppendRequests.APPEND -> new Endpoint(Operation.APPEND, () -> appends.append(request));
            case AppendRequests.FLUSH -> new Endpoint(Operation.FLUSH, () -> appends.flush(request));
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "invalid operation \"" + append
                                + "\" (expecting either \"append\" or \"flush\") - check \"append_type\" query");
        };
    }

    private Endpoint delete(ObjectRequest request) {
        ActionMessage message = message(request.exchange());
        boolean aborts = message.action().equals(AisActions.ABORT_UPLOAD)
                || (request.extended() && request.query().contains(AisQuery.UPLOAD_ID));
        return aborts
                ? new Endpoint(Operation.ABORT_UPLOAD, () -> uploads.abort(request))
                : new Endpoint(Operation.DELETE, () -> writes.delete(request, message));
    }

    private Endpoint post(ObjectRequest request) {
        ActionMessage message = message(request.exchange());
        return switch (message.action()) {
            case AisActions.RENAME_OBJECT -> new Endpoint(Operation.RENAME, () -> copies.rename(request, message));
            case AisActions.CREATE_UPLOAD -> new Endpoint(Operation.CREATE_UPLOAD, () -> uploads.create(request));
            case AisActions.COMPLETE_UPLOAD ->
                new Endpoint(Operation.COMPLETE_UPLOAD, () -> uploads.complete(request, message));
            // Readers and writers never hold an object while its bytes move, so none is ever found locked.
            case AisActions.CHECK_LOCK -> new Endpoint(Operation.CHECK_LOCK, () -> Reply.of(200));
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "invalid action \"" + message.action() + "\" of " + request.key());
        };
    }

    private Endpoint bucket(Exchange exchange, NativePath path) {
        if (exchange.request().method() != Method.GET) {
            return new Endpoint(
                    Operation.UNKNOWN,
                    () -> NodeErrors.methodNotAllowed(exchange.request().method(), "GET"));
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
        Bucket bucket = Ownership.bucket(state, name);
        String what = query.find(AisQuery.WHAT, "");
        return switch (what) {
            case "page" ->
                new Endpoint(
                        Operation.LIST_PAGE,
                        () -> buckets.page(state, bucket, exchange.body().readAll(maxMessageBytes)));
            case "uploads" -> new Endpoint(Operation.LIST_UPLOADS, () -> buckets.uploads(bucket));
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "unexpected query what=\"" + what + "\" of " + name);
        };
    }

    private Endpoint daemon(Exchange exchange, NativePath path) {
        if (path.bucket().equals(ScrubRequests.PATH)) {
            return exchange.mayWait() ? new Endpoint(Operation.SCRUB, () -> scrubs.answer(exchange)) : WAIT;
        }
        if (path.bucket().equals(VolumeRequests.PATH)) {
            return exchange.mayWait() ? new Endpoint(Operation.VOLUMES, () -> volumes.answer(exchange)) : WAIT;
        }
        if (exchange.request().method() != Method.GET) {
            return new Endpoint(
                    Operation.UNKNOWN,
                    () -> NodeErrors.methodNotAllowed(exchange.request().method(), "GET"));
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

    private ActionMessage message(Exchange exchange) {
        return ActionMessage.parse(exchange.body().readAll(maxMessageBytes));
    }
}
