package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.Provider;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.CopiesJob;
import io.forebay.gateway.core.Listings;
import io.forebay.gateway.core.Objects;
import io.forebay.gateway.core.Summaries;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.ObjectUname;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.bucket.AccessMask.Right;
import io.forebay.protocol.api.bucket.BucketProperties;
import io.forebay.protocol.api.bucket.BucketReference;
import io.forebay.protocol.api.bucket.ListMessage;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// `/v1/buckets[/BUCKET]`: creating, destroying, listing and describing buckets, and listing their objects.
///
/// Jobs over whole buckets are answered with what is wrong with the request, and otherwise that they are not
/// offered.
public final class BucketFace {
    private static final String ALLOWED = "DELETE, GET, HEAD, PATCH, POST, PUT";
    private final Buckets buckets;
    private final AccessRule rule;
    private final ObjectListing listing;
    private final SummaryRequests summaries;
    private final int maxMessageBytes;

    /// @param random makes ids of sessions; safe to share between threads
    /// @param authentication whether callers have to authenticate
    public BucketFace(
            Objects objects,
            Buckets buckets,
            Permissions permissions,
            Listings listings,
            Summaries summaries,
            RandomGenerator random,
            boolean authentication,
            int maxMessageBytes) {
        SessionIds ids = new SessionIds(random);
        this.buckets = buckets;
        this.rule = new AccessRule(permissions, buckets, objects, authentication);
        this.listing = new ObjectListing(listings, objects, ids);
        this.summaries = new SummaryRequests(summaries, ids);
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Answers the request of an admitted caller; `query` is its own, parsed. Throws StoreException.
    public Reply handle(Exchange exchange, Query query, Caller caller) {
        AccessRule.OfCaller access = rule.of(exchange, caller);
        NativePath path = NativePath.parse(exchange.request().rawPath());
        Method method = exchange.request().method();
        if (method == Method.HEAD) {
            return head(path, query, access);
        }
        if (method == Method.OPTIONS) {
            return NodeErrors.methodNotAllowed(method, ALLOWED);
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        ActionMessage message = ActionMessage.parse(exchange.body().readAll(maxMessageBytes));
        if (method == Method.GET) {
            return get(exchange, path, query, message, access);
        }
        BucketName name = path.bucketName(query);
        return switch (method) {
            case POST -> post(name, query, message, access);
            case PUT -> put(name, message, access);
            case DELETE -> delete(name, message, access);
            default -> patch(name, message, access);
        };
    }

    private Reply get(
            Exchange exchange, NativePath path, Query query, ActionMessage message, AccessRule.OfCaller access) {
        String what = query.find(AisQuery.WHAT, "");
        Check.argument(what.isEmpty(), "unexpected query \"what=%s\" of a bucket", what);
        boolean lists = message.action().isEmpty() || message.action().equals(AisActions.LIST);
        if (path.bucket().isEmpty()) {
            return switch (message.action()) {
                case "", AisActions.LIST -> listBuckets(query, access);
                case AisActions.SUMMARY -> summaries.ask(selected(query, access), message);
                default -> throw unknown(message);
            };
        }
        BucketName name = path.bucketName(query);
        if (lists) {
            Bucket bucket = access.require(name, Right.LIST_OBJECTS);
            return listing.list(exchange, bucket, message.value(ListMessage.class));
        }
        return switch (message.action()) {
            case AisActions.SUMMARY -> summaries.ask(List.of(access.require(name, Right.HEAD_BUCKET)), message);
            case AisActions.SHARD_SUMMARY -> {
                access.require(name, Right.HEAD_BUCKET);
                throw notOffered(message);
            }
            // Only remote buckets have inventories: there are none to show.
            case AisActions.SHOW_INVENTORY -> {
                access.require(name, Right.HEAD_BUCKET);
                yield JsonReply.of(Map.of());
            }
            default -> throw unknown(message);
        };
    }

    private Reply listBuckets(Query query, AccessRule.OfCaller access) {
        List<BucketReference> references = new ArrayList<>();
        for (Bucket bucket : selected(query, access)) {
            references.add(BucketReference.of(bucket.name()));
        }
        return JsonReply.of(references);
    }

    /// The buckets that the caller sees, of the query's provider and namespace, each all when it names none.
    private List<Bucket> selected(Query query, AccessRule.OfCaller access) {
        String provider = query.find(AisQuery.PROVIDER, "");
        String namespace = query.find(AisQuery.NAMESPACE, "");
        List<Bucket> selected = new ArrayList<>(buckets.list());
        selected.removeIf(bucket -> !access.lists(bucket));
        if (!provider.isEmpty()) {
            Provider only = Provider.parse(provider);
            selected.removeIf(bucket -> bucket.name().provider() != only);
        }
        if (!namespace.isEmpty()) {
            Namespace only = Namespace.parse(namespace);
            selected.removeIf(bucket -> !bucket.name().namespace().equals(only));
        }
        return selected;
    }

    private Reply head(NativePath path, Query query, AccessRule.OfCaller access) {
        BucketName name = path.bucketName(query);
        Bucket bucket = access.require(name, Right.HEAD_BUCKET);
        if (query.contains(AisQuery.BUCKET_SUMMARY_REMOTE)) {
            return summaries.head(bucket, path.object(), query.find(AisQuery.UUID, ""));
        }
        Check.argument(path.object().isEmpty(), "invalid URL path: \"%s\" after bucket %s", path.object(), name);
        return new Reply(200, propertyHeaders(bucket), Payload.none());
    }

    static Headers propertyHeaders(Bucket bucket) {
        return new Headers()
                .add(
                        AisHeaders.BUCKET_PROPERTIES,
                        WireJson.writeAscii(BucketProperties.json(
                                bucket.name(), bucket.id(), bucket.createdMillis(), bucket.properties())));
    }

    private Reply post(BucketName name, Query query, ActionMessage message, AccessRule.OfCaller access) {
        return switch (message.action()) {
            case AisActions.CREATE_BUCKET -> create(name, message, access);
            case AisActions.RENAME_BUCKET -> {
                access.require(name, Right.MOVE_BUCKET);
                BucketName target = target(query, message);
                Check.argument(!target.equals(name), "cannot rename bucket %s to itself", name);
                Check.argument(
                        buckets.find(target) == null, "cannot rename %s: bucket %s already exists", name, target);
                throw notOffered(message);
            }
            case AisActions.COPY_BUCKET, AisActions.TRANSFORM_BUCKET -> {
                access.require(name, Right.GET);
                target(query, message);
                throw notOffered(message);
            }
            case AisActions.PREFETCH_OBJECTS -> throw remoteOnly(access.require(name, Right.GET), message);
            case AisActions.MAKE_COPIES -> {
                access.require(name, Right.PATCH);
                yield Reply.text(200, buckets.makeCopies(name, copies(message)).id());
            }
            case AisActions.COPY_OBJECTS,
                    AisActions.TRANSFORM_OBJECTS,
                    AisActions.EC_ENCODE,
                    AisActions.RECHUNK,
                    AisActions.INDEX_SHARD -> {
                access.require(name, Right.GET);
                throw notOffered(message);
            }
            case AisActions.CREATE_INVENTORY -> throw remoteOnly(access.require(name, Right.GET), message);
            default -> throw unknown(message);
        };
    }

    private Reply create(BucketName name, ActionMessage message, AccessRule.OfCaller access) {
        access.requireCreation();
        boolean remote =
                name.provider() != Provider.AIS || !name.namespace().uuid().isEmpty();
        if (remote) {
            throw new StoreException(
                    ErrorCode.UNSUPPORTED, "cannot create bucket " + name + ": remote backends are not offered");
        }
        Map<String, String> properties = new TreeMap<>(BucketProperties.changes(message.valueMap()));
        properties.putAll(access.ofNewBucket());
        return switch (buckets.create(name, properties)) {
            case Applied.Changed changed -> Reply.of(200);
            case Applied.Refused refused -> throw new StoreException(refused.code(), refused.message());
        };
    }

    private Reply put(BucketName name, ActionMessage message, AccessRule.OfCaller access) {
        if (message.action().equals(AisActions.ARCHIVE)) {
            access.require(name, Right.GET);
            throw notOffered(message);
        }
        throw unknown(message);
    }

    private Reply delete(BucketName name, ActionMessage message, AccessRule.OfCaller access) {
        return switch (message.action()) {
            case AisActions.DESTROY_BUCKET -> {
                access.require(name, Right.DESTROY_BUCKET);
                buckets.destroy(name);
                yield Reply.of(200);
            }
            case AisActions.EVICT_BUCKET, AisActions.EVICT_OBJECTS, AisActions.DESTROY_INVENTORY ->
                throw remoteOnly(access.require(name, Right.DELETE_OBJECT), message);
            case AisActions.DELETE_OBJECTS -> {
                access.require(name, Right.DELETE_OBJECT);
                throw notOffered(message);
            }
            default -> throw unknown(message);
        };
    }

    private Reply patch(BucketName name, ActionMessage message, AccessRule.OfCaller access) {
        access.require(name, Right.PATCH);
        Buckets.Changed changed = switch (message.action()) {
            case AisActions.SET_PROPERTIES -> buckets.setProperties(name, BucketProperties.changes(message.valueMap()));
            case AisActions.RESET_PROPERTIES -> buckets.reset(name);
            default -> throw unknown(message);
        };
        CopiesJob begun = changed.copies();
        return begun == null ? Reply.of(200) : Reply.text(200, begun.id());
    }

    /// The number that a `make-n-copies` message has for its value.
    private static int copies(ActionMessage message) {
        String text = message.value() == null ? "" : message.value().toString();
        Check.argument(
                text.matches("\\d{1,2}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= Bucket.MAX_COPIES,
                "invalid number of copies \"%s\": expecting 1 to %s",
                text,
                Bucket.MAX_COPIES);
        return Integer.parseInt(text);
    }

    private static BucketName target(Query query, ActionMessage message) {
        String target = query.find(AisQuery.BUCKET_TO, "");
        Check.argument(!target.isEmpty(), "%s: no destination bucket (%s)", message.action(), AisQuery.BUCKET_TO);
        return ObjectUname.parseBucket(target);
    }

    private static StoreException remoteOnly(Bucket bucket, ActionMessage message) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT, message.action() + ": bucket " + bucket.name() + " is not a remote bucket");
    }

    private static StoreException notOffered(ActionMessage message) {
        return new StoreException(ErrorCode.UNSUPPORTED, "action \"" + message.action() + "\" is not offered");
    }

    private static StoreException unknown(ActionMessage message) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "unknown bucket action \"" + message.action() + "\"");
    }
}
