package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.acl.AccessControlList;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import io.forebay.gateway.auth.acl.PublicAccessBlock;
import io.forebay.gateway.auth.policy.MalformedPolicyException;
import io.forebay.gateway.auth.policy.Policy;
import org.jspecify.annotations.Nullable;

/// What a bucket's properties say of who may do what with it and with what is in it.
///
/// @param owner the id of the user whose bucket it is
/// @param list its own access control list, which counts only where lists do
public record BucketAccess(
        String owner,
        ObjectOwnership ownership,
        AccessControlList list,
        @Nullable Policy policy,
        PublicAccessBlock block) {

    /// Property: the policy, as JSON.
    public static final String POLICY = Bucket.S3 + "policy";

    /// Property: the access control list, where it is not that of the owner alone.
    public static final String LIST = Bucket.S3 + "acl";

    /// Property: who owns what is written into it. Absent, who writes it owns it, as S3 has it of a bucket without
    /// ownership controls.
    public static final String OWNERSHIP = Bucket.S3 + "ownershipControls";

    /// Property: what may not be public.
    public static final String PUBLIC_ACCESS_BLOCK = Bucket.S3 + "publicAccessBlock";

    /// Throws INTERNAL when a property is not what was stored.
    static BucketAccess of(Bucket bucket) {
        String owner = bucket.owner();
        String ownership = bucket.properties().get(OWNERSHIP);
        String list = bucket.properties().get(LIST);
        String policy = bucket.properties().get(POLICY);
        String block = bucket.properties().get(PUBLIC_ACCESS_BLOCK);
        return new BucketAccess(
                owner,
                ownership == null ? ObjectOwnership.OBJECT_WRITER : ObjectOwnership.require(ownership),
                list == null ? AccessControlList.ofOwner(owner) : AccessControlList.parse(list),
                policy == null ? null : policy(policy, bucket),
                block == null ? PublicAccessBlock.NONE : PublicAccessBlock.parse(block));
    }

    private static Policy policy(String text, Bucket bucket) {
        try {
            return Policy.ofBucket(text, bucket.name().name());
        } catch (MalformedPolicyException e) {
            throw new StoreException(
                    ErrorCode.INTERNAL, "the policy of bucket " + bucket.name() + " cannot be read: " + e.reason(), e);
        }
    }

    /// Whether anything in it is for everyone: by its policy, or by its list where that counts.
    public boolean isPublic() {
        return (policy != null && policy.isPublic()) || (listsCount() && !block.ignorePublicAcls() && list.isPublic());
    }

    public boolean listsCount() {
        return ownership.listsCount();
    }

    /// Its list, as it counts.
    public AccessControlList listOfBucket() {
        return listsCount() ? list : AccessControlList.ofOwner(owner);
    }

    /// The list of an object in it, as it counts.
    ///
    /// @param text as the object has it; null for none of its own, which makes it the bucket's owner's
    public AccessControlList listOfObject(@Nullable String text) {
        return text == null || !listsCount() ? AccessControlList.ofOwner(owner) : AccessControlList.parse(text);
    }

    /// Whether its policy allows something to users who are not its owner.
    boolean policyMayAllow() {
        return policy != null && !(block.restrictPublicBuckets() && policy.isPublic());
    }
}
