package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.auth.Ask;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.Verdict;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.bucket.AccessMask;
import io.forebay.protocol.api.bucket.AccessMask.Right;
import io.forebay.protocol.http.Exchange;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a caller may do with buckets and objects: first what the permissions say, then what a bucket's `access`
/// property
/// does. As in AIStore, that property never keeps anybody from changing properties, and without authentication not from
/// reading (`ais/prxauth.go`).
final class AccessRule {
    private static final Set<Right> READS =
            EnumSet.of(Right.GET, Right.HEAD_OBJECT, Right.HEAD_BUCKET, Right.LIST_OBJECTS);
    private static final Set<Right> NEVER_REFUSED = EnumSet.of(Right.PATCH, Right.SET_BUCKET_ACL);

    private final Permissions permissions;
    private final Buckets buckets;
    private final Objects objects;
    private final Set<Right> free;

    AccessRule(Permissions permissions, Buckets buckets, Objects objects, boolean authentication) {
        this.permissions = permissions;
        this.buckets = buckets;
        this.objects = objects;
        this.free = EnumSet.copyOf(NEVER_REFUSED);
        if (!authentication) {
            free.addAll(READS);
        }
    }

    /// What the caller of one request may do.
    OfCaller of(Exchange exchange, Caller caller) {
        return new OfCaller(exchange, caller);
    }

    final class OfCaller {
        private final Exchange exchange;
        private final Caller caller;

        private OfCaller(Exchange exchange, Caller caller) {
            this.exchange = exchange;
            this.caller = caller;
        }

        Caller caller() {
            return caller;
        }

        /// The bucket, where the right to something with it is granted. Throws NO_SUCH_BUCKET or FORBIDDEN.
        Bucket require(BucketName name, Right right) {
            return require(name, "", right);
        }

        /// The bucket, where the right to something with that object is granted. Throws NO_SUCH_BUCKET or FORBIDDEN.
        Bucket require(ObjectKey key, Right right) {
            return require(key.bucket(), key.name(), right);
        }

        /// A move is a read and a removal of one object and a write of another. Throws FORBIDDEN.
        void requireMove(ObjectKey source, ObjectKey target) {
            Bucket bucket = buckets.find(source.bucket());
            check(Action.GET_OBJECT, bucket, source.name());
            check(Action.DELETE_OBJECT, bucket, source.name());
            check(Action.PUT_OBJECT, bucket, target.name());
        }

        /// The properties of a bucket that the caller creates.
        Map<String, String> ofNewBucket() {
            return permissions.ofNewBucket(caller.account());
        }

        /// Whether what the caller may do can depend on objects of the bucket, which have to be looked at then.
        boolean mayHaveToLook(BucketName name) {
            Bucket bucket = caller.isUnlimited() ? null : buckets.find(name);
            return bucket != null && permissions.mayDependOnObjects(caller, bucket);
        }

        /// Throws FORBIDDEN when the caller may create no bucket.
        void requireCreation() {
            check(Action.CREATE_BUCKET, null, "");
        }

        /// Whether the caller sees the bucket among all.
        boolean lists(Bucket bucket) {
            return permissions.lists(caller, bucket);
        }

        private Bucket require(BucketName name, String key, Right right) {
            check(action(right), buckets.find(name), key);
            Bucket bucket = buckets.require(name);
            String access = free.contains(right) ? null : bucket.properties().get(Bucket.ACCESS);
            if (access != null) {
                AccessMask mask = AccessMask.parse(access);
                if (!mask.allows(right)) {
                    throw new StoreException(
                            ErrorCode.FORBIDDEN,
                            "bucket " + name + ": " + right.wireName() + " access denied (allowed: [" + mask.describe()
                                    + "])");
                }
            }
            return bucket;
        }

        private void check(Action action, @Nullable Bucket bucket, String key) {
            Ask ask = new Ask(exchange, caller, action, bucket, key);
            if (bucket != null && permissions.judge(ask) == Verdict.BY_OBJECT) {
                permissions.check(ask, look(new ObjectKey(bucket.name(), key)));
            } else {
                permissions.check(ask);
            }
        }

        /// Throws NO_SUCH_OBJECT.
        private ObjectAccess look(ObjectKey key) {
            return ObjectAccess.of(AttributeHeaders.readSystem(objects.describe(exchange, key)));
        }
    }

    private static Action action(Right right) {
        return switch (right) {
            case GET, HEAD_OBJECT -> Action.GET_OBJECT;
            case PUT, APPEND, PROMOTE, UPDATE_OBJECT, MOVE_OBJECT -> Action.PUT_OBJECT;
            case DELETE_OBJECT -> Action.DELETE_OBJECT;
            case HEAD_BUCKET, LIST_OBJECTS -> Action.LIST_BUCKET;
            case PATCH, SET_BUCKET_ACL, MOVE_BUCKET -> Action.CONFIGURE_BUCKET;
            case LIST_BUCKETS -> Action.LIST_ALL_MY_BUCKETS;
            case CREATE_BUCKET -> Action.CREATE_BUCKET;
            case DESTROY_BUCKET -> Action.DELETE_BUCKET;
            case SHOW_CLUSTER, ADMIN -> Action.ADMINISTER;
        };
    }
}
