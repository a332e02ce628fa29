package io.forebay.gateway.api.object;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.ObjectUname;
import io.forebay.protocol.api.bucket.AccessMask.Right;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.util.Set;

/// `/v1/objects/BUCKET/OBJECT`: checks what AIStore's gateway checks, then lets the owner answer.
///
/// An owner whose objects this gateway answers for (`local`) is called in this process; for any other the client
/// is redirected. A copy or a rename between two owners is done here.
public final class ObjectFace {
    private static final String ALLOWED = "DELETE, GET, HEAD, PATCH, POST, PUT";
    private static final int HANDLE_FIELDS = 4;

    private final Objects objects;
    private final AccessRule rule;
    private final Redirects redirects;
    private final boolean authentication;
    private final Set<NodeId> local;
    private final int maxMessageBytes;

    /// @param local the storage nodes that are called in this process instead of redirecting to them
    /// @param authentication whether callers have to authenticate
    public ObjectFace(
            Objects objects,
            Buckets buckets,
            Permissions permissions,
            Redirects redirects,
            Set<NodeId> local,
            boolean authentication,
            int maxMessageBytes) {
        this.objects = objects;
        this.rule = new AccessRule(permissions, buckets, objects, authentication);
        this.redirects = redirects;
        this.authentication = authentication;
        this.local = Set.copyOf(local);
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Answers the request of an admitted caller; `query` is its own, parsed. Throws StoreException.
    public Reply handle(Exchange exchange, Query query, Caller caller) {
        AccessRule.OfCaller access = rule.of(exchange, caller);
        NativePath path = NativePath.parse(exchange.request().rawPath());
        if (!exchange.mayWait() && access.mayHaveToLook(path.bucketName(query))) {
            return Reply.WOULD_WAIT;
        }
        return switch (exchange.request().method()) {
            case GET -> read(exchange, path, query, access);
            case HEAD -> head(exchange, path, query, access);
            case PUT -> put(exchange, path, query, access);
            case DELETE -> delete(exchange, path, query, access);
            case PATCH -> patch(exchange, path, query, access);
            case POST -> post(exchange, path, query, access);
            case OPTIONS -> NodeErrors.methodNotAllowed(Method.OPTIONS, ALLOWED);
        };
    }

    private Reply read(Exchange exchange, NativePath path, Query query, AccessRule.OfCaller access) {
        ObjectKey key = key(path, query, false);
        access.require(key, Right.GET);
        refuse(query, AisQuery.ETL_NAME, "transforming while reading");
        return answer(exchange, key, exchange.body());
    }

    private Reply head(Exchange exchange, NativePath path, Query query, AccessRule.OfCaller access) {
        ObjectKey key = key(path, query, false);
        access.require(key, Right.HEAD_OBJECT);
        return answer(exchange, key, exchange.body());
    }

    /// The order in which AIStore looks at the parameters: copy, part, archive, append, plain.
    private Reply put(Exchange exchange, NativePath path, Query query, AccessRule.OfCaller access) {
        ObjectKey key = key(path, query, true);
        String target = query.find(AisQuery.OBJECT_TO, "");
        if (!target.isEmpty()) {
            return copy(exchange, key, ObjectUname.parseObject(target), query, access);
        }
        String append = query.find(AisQuery.APPEND_TYPE, "");
        boolean appends =
                !append.isEmpty() && query.find(AisQuery.UPLOAD_ID, "").isEmpty();
        access.require(key, appends ? Right.APPEND : Right.PUT);
        String handle = appends ? query.find(AisQuery.APPEND_HANDLE, "") : "";
        if (mustRedirect(exchange, query)) {
            Objects.Location location = handle.isEmpty() ? objects.locate(key) : objects.at(nodeOf(handle), key);
            return redirects.to(location, exchange.request(), key, true);
        }
        return handle.isEmpty() ? answer(exchange, key, exchange.body()) : append(exchange, key, handle);
    }

    private Reply copy(Exchange exchange, ObjectKey source, ObjectKey target, Query query, AccessRule.OfCaller access) {
        refuse(query, AisQuery.ETL_NAME, "transforming while copying");
        access.require(source, Right.GET);
        access.require(target, Right.PUT);
        NativePath.checkObjectName(target.name(), true);
        Objects.Location from = objects.locate(source);
        if (from.owner().equals(objects.locate(target).owner())) {
            return answerWhole(exchange, source, exchange.body());
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        objects.copy(exchange, source, target);
        return Reply.of(200);
    }

    /// An append goes on where it began: the handle's first field is that node's id.
    private Reply append(Exchange exchange, ObjectKey key, String handle) {
        NodeId node = nodeOf(handle);
        Objects.Location location = objects.locate(key);
        if (node.equals(location.owner().id())) {
            return answer(exchange, key, exchange.body());
        }
        return objects.forwardTo(
                node, exchange, key, ClientHeaders.forNode(exchange.request().headers()), exchange.body());
    }

    private static NodeId nodeOf(String handle) {
        int fields = 1 + (int) handle.chars().filter(c -> c == '|').count();
        Check.argument(
                fields == HANDLE_FIELDS, "invalid append handle \"%s\": expecting %s fields", handle, HANDLE_FIELDS);
        return new NodeId(handle.substring(0, handle.indexOf('|')));
    }

    private Reply delete(Exchange exchange, NativePath path, Query query, AccessRule.OfCaller access) {
        ObjectKey key = key(path, query, false);
        access.require(key, Right.DELETE_OBJECT);
        return answer(exchange, key, exchange.body());
    }

    private Reply patch(Exchange exchange, NativePath path, Query query, AccessRule.OfCaller access) {
        ObjectKey key = key(path, query, false);
        access.require(key, Right.UPDATE_OBJECT);
        return answer(exchange, key, exchange.body());
    }

    private Reply post(Exchange exchange, NativePath path, Query query, AccessRule.OfCaller access) {
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        byte[] json = exchange.body().readAll(maxMessageBytes);
        ActionMessage message = ActionMessage.parse(json);
        return switch (message.action()) {
            case AisActions.RENAME_OBJECT -> rename(exchange, key(path, query, false), message, json, access);
            case AisActions.CHECK_LOCK -> pass(exchange, key(path, query, false), Right.HEAD_OBJECT, json, access);
            case AisActions.CREATE_UPLOAD, AisActions.COMPLETE_UPLOAD, AisActions.ABORT_UPLOAD ->
                pass(exchange, key(path, query, true), Right.PUT, json, access);
            case AisActions.BLOB_DOWNLOAD -> {
                access.require(path.bucketName(query), Right.GET);
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "blob-download: bucket " + path.bucket() + " is not a remote bucket");
            }
            case AisActions.PROMOTE -> {
                access.require(path.bucketName(query), Right.PROMOTE);
                throw new StoreException(ErrorCode.UNSUPPORTED, "promoting files is not offered");
            }
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "unknown object action \"" + message.action() + "\"");
        };
    }

    private Reply pass(Exchange exchange, ObjectKey key, Right right, byte[] json, AccessRule.OfCaller access) {
        access.require(key, right);
        return answerWhole(exchange, key, MemoryBody.of(json));
    }

    private Reply rename(
            Exchange exchange, ObjectKey source, ActionMessage message, byte[] json, AccessRule.OfCaller access) {
        access.require(source, Right.MOVE_OBJECT);
        NativePath.checkObjectName(message.name(), true);
        ObjectKey target = new ObjectKey(source.bucket(), message.name());
        access.requireMove(source, target);
        Check.argument(!target.equals(source), "cannot rename %s to itself", source);
        if (objects.locate(source).owner().equals(objects.locate(target).owner())) {
            return answerWhole(exchange, source, MemoryBody.of(json));
        }
        objects.rename(exchange, source, target);
        return Reply.of(200);
    }

    /// Lets the owner answer: in this process, or by a redirect.
    private Reply answer(Exchange exchange, ObjectKey key, Body body) {
        Objects.Location location = objects.locate(key);
        if (local.contains(location.owner().id())) {
            return objects.forward(
                    exchange, key, ClientHeaders.forNode(exchange.request().headers()), body);
        }
        return redirects.to(location, exchange.request(), key, exchange.secure());
    }

    /// Lets the owner answer a request of which the method and the object do not say everything. Where callers have to
    /// authenticate it is not redirected: the client could then ask the owner for something else than was allowed.
    private Reply answerWhole(Exchange exchange, ObjectKey key, Body body) {
        return authentication
                ? objects.forward(
                        exchange, key, ClientHeaders.forNode(exchange.request().headers()), body)
                : answer(exchange, key, body);
    }

    /// Over TLS the SDK sends a PUT's head first, with the length but without the body, and the body to where it
    /// is redirected (`request_client.py`): so it always has to be, once.
    private static boolean mustRedirect(Exchange exchange, Query query) {
        return exchange.secure() && !query.contains(AisQuery.GATEWAY_ID);
    }

    private static ObjectKey key(NativePath path, Query query, boolean written) {
        NativePath.checkObjectName(path.object(), written);
        return path.key(query);
    }

    private static void refuse(Query query, String name, String feature) {
        String value = query.find(name, "");
        if (!value.isEmpty()) {
            throw new StoreException(ErrorCode.UNSUPPORTED, feature + " is not offered (" + name + "=" + value + ")");
        }
    }
}
