package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which operation on an object a request means, and that the key's owner answers it, whoever that is by then.
///
/// A request of which nothing was read yet goes back to the gateway that routed it here wrongly. One that a
/// client brought here itself, or whose body has been taken, is sent on to the owner.
final class ObjectRoutes {
    private static final String METHODS = "DELETE, GET, HEAD, PATCH, POST, PUT";
    /// A key changes its owner at most so often while one request is answered.
    private static final int MAX_MOVES = 40;

    private final Ownership ownership;
    private final Custody custody;
    private final Forwarding forwarding;
    private final NodeRoutes.Operations operations;
    private final int maxMessageBytes;

    ObjectRoutes(
            Ownership ownership,
            Custody custody,
            Forwarding forwarding,
            NodeRoutes.Operations operations,
            int maxMessageBytes) {
        this.ownership = ownership;
        this.custody = custody;
        this.forwarding = forwarding;
        this.operations = operations;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Finds the operation; nothing has happened yet but the reading of a message body.
    NodeRoutes.Endpoint find(Exchange exchange, NativePath path) {
        Method method = exchange.request().method();
        if (method == Method.OPTIONS) {
            return new NodeRoutes.Endpoint(Operation.UNKNOWN, () -> NodeErrors.methodNotAllowed(method, METHODS));
        }
        boolean reads = method == Method.GET || method == Method.HEAD;
        if (!reads && !exchange.mayWait()) {
            return NodeRoutes.WAIT;
        }
        Query query = exchange.request().query();
        return new Call(exchange, query, path.key(query)).find();
    }

    /// Reads an object on behalf of another request, here or at its owner, with a client's query and headers.
    Reply read(Exchange outer, ObjectKey key, String query, Headers headers) {
        Request request = new Request(Method.GET, NativePath.target(key) + "&" + query, headers);
        Exchange exchange = DirectExchange.within(outer, request, Body.empty());
        return new Call(exchange, Query.parse(query), key).find().answer().get();
    }

    /// One request, from its first owner to the one that answers it.
    private final class Call {
        private final Query query;
        private final ObjectKey key;
        private Exchange exchange;
        private @Nullable ActionMessage message;
        private int moves;

        Call(Exchange exchange, Query query, ObjectKey key) {
            this.exchange = exchange;
            this.query = query;
            this.key = key;
        }

        NodeRoutes.Endpoint find() {
            Ownership.@Nullable Place place = HeldRequest.isOne(exchange)
                    ? ownership.held(exchange, query, key)
                    : ownership.place(exchange, query, key);
            if (place == null) {
                return NodeRoutes.WAIT;
            }
            NodeId owner = place.owner();
            if (owner != null) {
                return elsewhere(place, owner);
            }
            ObjectRequest request = new ObjectRequest(exchange, query, key, place.bucket(), place.view());
            if (!request.extended()) {
                Method method = exchange.request().method();
                NativePath.checkObjectName(key.name(), method == Method.PUT || method == Method.POST);
            }
            NodeRoutes.Endpoint endpoint = operation(request);
            Supplier<Reply> answer =
                    RequestOccasion.around(endpoint.operation(), request, () -> answered(endpoint.answer()));
            return endpoint.equals(NodeRoutes.WAIT) ? endpoint : new NodeRoutes.Endpoint(endpoint.operation(), answer);
        }

        private NodeRoutes.Endpoint elsewhere(Ownership.Place place, NodeId owner) {
            // A message that was read goes on from here: the gateway cannot send it again.
            if (Ownership.isRelayed(exchange) && message == null) {
                throw ownership.notOwner(key);
            }
            if (!exchange.mayWait()) {
                return NodeRoutes.WAIT;
            }
            return new NodeRoutes.Endpoint(
                    Operation.FORWARD,
                    () -> answered(() -> forwarding.forward(exchange, place.view(), owner, exchange.body())));
        }

        /// Answers, and begins anew when the key has changed its owner meanwhile.
        private Reply answered(Supplier<Reply> answer) {
            try {
                return answer.get();
            } catch (StoreException e) {
                if (e.code() != ErrorCode.NOT_OWNER || ++moves > MAX_MOVES) {
                    throw e;
                }
                return again(e);
            }
        }

        private Reply again(StoreException moved) {
            if (!exchange.mayWait()) {
                return Reply.WOULD_WAIT;
            }
            ActionMessage read = message;
            if (read == null && exchange.body().length() != 0 && exchange.body().touched()) {
                throw moved;
            }
            if (HeldRequest.isOne(exchange)) {
                throw moved;
            }
            ownership.awaitChange();
            return find().answer().get();
        }

        private NodeRoutes.Endpoint operation(ObjectRequest request) {
            return switch (exchange.request().method()) {
                case GET -> get(request);
                case HEAD ->
                    reading(
                            Operation.HEAD,
                            request,
                            () -> request.extended()
                                    ? operations.reads().head(request)
                                    : operations.heads().head(request));
                case PUT -> put(request);
                case DELETE -> delete(withMessage(request));
                case POST -> post(withMessage(request));
                case PATCH -> {
                    ObjectRequest read = withMessage(request);
                    yield relying(
                            Operation.PATCH, read, () -> operations.writes().patch(read, message()));
                }
                case OPTIONS -> throw new IllegalStateException("answered above");
            };
        }

        private NodeRoutes.Endpoint get(ObjectRequest request) {
            boolean ofUpload = query.contains(AisQuery.UPLOAD_ID);
            boolean parts = request.headers().contains(NodeHeaders.PARTS);
            if (!request.extended() || (!ofUpload && !parts)) {
                return reading(Operation.GET, request, () -> operations.reads().get(request));
            }
            if (!exchange.mayWait()) {
                return NodeRoutes.WAIT;
            }
            if (!ofUpload) {
                return reading(
                        Operation.LIST_PARTS, request, () -> operations.parts().list(request));
            }
            return uploading(
                    Operation.LIST_PARTS, request, () -> operations.uploads().list(request));
        }

        /// In AIStore's order of precedence.
        private NodeRoutes.Endpoint put(ObjectRequest request) {
            if (!query.find(AisQuery.OBJECT_TO, "").isEmpty()) {
                return relying(
                        Operation.COPY, request, () -> operations.copies().copy(request));
            }
            if (!query.find(AisQuery.UPLOAD_ID, "").isEmpty()) {
                return uploading(
                        Operation.PUT_PART, request, () -> operations.uploads().put(request));
            }
            UnofferedParameters.refuseToWrite(request);
            if (MemberWrites.isAskedBy(query)) {
                return relying(
                        Operation.PUT_MEMBER,
                        request,
                        () -> operations.members().put(request));
            }
            if (request.extended() && request.headers().contains(NodeHeaders.WRITE_OFFSET)) {
                return relying(
                        Operation.APPEND, request, () -> operations.appends().extend(request));
            }
            String append = query.find(AisQuery.APPEND_TYPE, "");
            return switch (append) {
                case "" ->
                    new NodeRoutes.Endpoint(
                            Operation.PUT, () -> operations.writes().put(request));
                case AppendRequests.APPEND ->
                    appending(
                            Operation.APPEND,
                            request,
                            () -> operations.appends().append(request));
                case AppendRequests.FLUSH ->
                    appending(
                            Operation.FLUSH, request, () -> operations.appends().flush(request));
                default ->
                    throw new StoreException(
                            ErrorCode.INVALID_ARGUMENT,
                            "invalid operation \"" + append
                                    + "\" (expecting either \"append\" or \"flush\") - check \"append_type\" query");
            };
        }

        private NodeRoutes.Endpoint delete(ObjectRequest request) {
            boolean aborts = message().action().equals(AisActions.ABORT_UPLOAD)
                    || (request.extended() && query.contains(AisQuery.UPLOAD_ID));
            return aborts
                    ? uploading(
                            Operation.ABORT_UPLOAD,
                            request,
                            () -> operations.uploads().abort(request))
                    : new NodeRoutes.Endpoint(
                            Operation.DELETE, () -> operations.writes().delete(request, message()));
        }

        private NodeRoutes.Endpoint post(ObjectRequest request) {
            return switch (message().action()) {
                case AisActions.RENAME_OBJECT ->
                    relying(Operation.RENAME, request, () -> operations.copies().rename(request, message()));
                case AisActions.CREATE_UPLOAD ->
                    new NodeRoutes.Endpoint(
                            Operation.CREATE_UPLOAD, () -> operations.uploads().create(request));
                case AisActions.COMPLETE_UPLOAD ->
                    uploading(
                            Operation.COMPLETE_UPLOAD,
                            request,
                            () -> custody.relying(
                                    request, () -> operations.uploads().complete(request, message())));
                // Readers and writers never hold an object while its bytes move, so none is ever found locked.
                case AisActions.CHECK_LOCK -> new NodeRoutes.Endpoint(Operation.CHECK_LOCK, () -> Reply.of(200));
                default ->
                    throw new StoreException(
                            ErrorCode.INVALID_ARGUMENT,
                            "invalid action \"" + message().action() + "\" of " + key);
            };
        }

        private NodeRoutes.Endpoint reading(Operation operation, ObjectRequest request, Supplier<Reply> answer) {
            if (!VersionChoice.isMade(exchange)) {
                return new NodeRoutes.Endpoint(operation, () -> custody.read(request, answer));
            }
            return exchange.mayWait()
                    ? new NodeRoutes.Endpoint(operation, () -> custody.readVersion(request, answer))
                    : NodeRoutes.WAIT;
        }

        private NodeRoutes.Endpoint relying(Operation operation, ObjectRequest request, Supplier<Reply> answer) {
            return new NodeRoutes.Endpoint(operation, () -> custody.relying(request, answer));
        }

        private NodeRoutes.Endpoint uploading(Operation operation, ObjectRequest request, Supplier<Reply> answer) {
            return new NodeRoutes.Endpoint(
                    operation, () -> custody.uploading(request, query.find(AisQuery.UPLOAD_ID, ""), answer));
        }

        private NodeRoutes.Endpoint appending(Operation operation, ObjectRequest request, Supplier<Reply> answer) {
            return new NodeRoutes.Endpoint(
                    operation,
                    () -> custody.uploading(
                            request, AppendRequests.uploadId(request), () -> custody.relying(request, answer)));
        }

        /// The request with its message in memory, so that it can be read again.
        private ObjectRequest withMessage(ObjectRequest request) {
            if (message != null) {
                return request;
            }
            byte[] bytes = exchange.body().readAll(maxMessageBytes);
            message = ActionMessage.parse(bytes);
            Body kept = bytes.length == 0 ? Body.empty() : new Message(bytes);
            exchange = DirectExchange.within(exchange, exchange.request(), kept);
            return new ObjectRequest(exchange, query, key, request.bucket(), request.view());
        }

        private ActionMessage message() {
            ActionMessage read = message;
            if (read == null) {
                throw new IllegalStateException("the message has not been read");
            }
            return read;
        }
    }

    /// The body of a message that was read once: it can be sent as often as need be, and does not go back to
    /// a gateway.
    private static final class Message implements Body {
        private final byte[] bytes;
        private Body next;

        Message(byte[] bytes) {
            this.bytes = bytes;
            this.next = MemoryBody.of(bytes);
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public java.nio.@Nullable ByteBuffer next() {
            java.nio.ByteBuffer taken = next.next();
            if (taken == null) {
                next = MemoryBody.of(bytes);
            }
            return taken;
        }

        @Override
        public boolean touched() {
            return true;
        }

        @Override
        public void close() {
            next = MemoryBody.of(bytes);
        }
    }
}
