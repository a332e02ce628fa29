package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.gateway.core.Buckets;
import io.forebay.protocol.api.bucket.AccessMask;
import io.forebay.protocol.api.bucket.AccessMask.Right;
import java.util.EnumSet;
import java.util.Set;

/// What a bucket's `access` property permits. As in AIStore, changing properties is always allowed, and without
/// authentication so is reading (`ais/prxauth.go`).
final class AccessRule {
    private static final Set<Right> READS =
            EnumSet.of(Right.GET, Right.HEAD_OBJECT, Right.HEAD_BUCKET, Right.LIST_OBJECTS);
    private static final Set<Right> NEVER_REFUSED = EnumSet.of(Right.PATCH, Right.SET_BUCKET_ACL);

    private final Buckets buckets;
    private final Set<Right> free;

    AccessRule(Buckets buckets, boolean authentication) {
        this.buckets = buckets;
        this.free = EnumSet.copyOf(NEVER_REFUSED);
        if (!authentication) {
            free.addAll(READS);
        }
    }

    /// The bucket, where the right is granted. Throws NO_SUCH_BUCKET or FORBIDDEN.
    Bucket require(BucketName name, Right right) {
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
}
