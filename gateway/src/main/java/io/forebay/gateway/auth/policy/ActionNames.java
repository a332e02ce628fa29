package io.forebay.gateway.auth.policy;

import java.util.List;
import java.util.Locale;

/// The actions that policies may name. A pattern that means none of them is a mistake of who wrote it.
final class ActionNames {
    private static final String SERVICE = "s3:";

    private static final List<String> ALL = List.of(
                    "AbortMultipartUpload",
                    "BypassGovernanceRetention",
                    "CreateBucket",
                    "DeleteBucket",
                    "DeleteBucketPolicy",
                    "DeleteBucketWebsite",
                    "DeleteObject",
                    "DeleteObjectTagging",
                    "DeleteObjectVersion",
                    "DeleteObjectVersionTagging",
                    "GetAccelerateConfiguration",
                    "GetAnalyticsConfiguration",
                    "GetBucketAcl",
                    "GetBucketCORS",
                    "GetBucketLocation",
                    "GetBucketLogging",
                    "GetBucketNotification",
                    "GetBucketObjectLockConfiguration",
                    "GetBucketOwnershipControls",
                    "GetBucketPolicy",
                    "GetBucketPolicyStatus",
                    "GetBucketPublicAccessBlock",
                    "GetBucketRequestPayment",
                    "GetBucketTagging",
                    "GetBucketVersioning",
                    "GetBucketWebsite",
                    "GetEncryptionConfiguration",
                    "GetIntelligentTieringConfiguration",
                    "GetInventoryConfiguration",
                    "GetLifecycleConfiguration",
                    "GetMetricsConfiguration",
                    "GetObject",
                    "GetObjectAcl",
                    "GetObjectAttributes",
                    "GetObjectLegalHold",
                    "GetObjectRetention",
                    "GetObjectTagging",
                    "GetObjectTorrent",
                    "GetObjectVersion",
                    "GetObjectVersionAcl",
                    "GetObjectVersionAttributes",
                    "GetObjectVersionForReplication",
                    "GetObjectVersionTagging",
                    "GetObjectVersionTorrent",
                    "GetReplicationConfiguration",
                    "InitiateReplication",
                    "ListAllMyBuckets",
                    "ListBucket",
                    "ListBucketMultipartUploads",
                    "ListBucketVersions",
                    "ListMultipartUploadParts",
                    "ObjectOwnerOverrideToBucketOwner",
                    "PutAccelerateConfiguration",
                    "PutAnalyticsConfiguration",
                    "PutBucketAcl",
                    "PutBucketCORS",
                    "PutBucketLogging",
                    "PutBucketNotification",
                    "PutBucketObjectLockConfiguration",
                    "PutBucketOwnershipControls",
                    "PutBucketPolicy",
                    "PutBucketPublicAccessBlock",
                    "PutBucketRequestPayment",
                    "PutBucketTagging",
                    "PutBucketVersioning",
                    "PutBucketWebsite",
                    "PutEncryptionConfiguration",
                    "PutIntelligentTieringConfiguration",
                    "PutInventoryConfiguration",
                    "PutLifecycleConfiguration",
                    "PutMetricsConfiguration",
                    "PutObject",
                    "PutObjectAcl",
                    "PutObjectLegalHold",
                    "PutObjectRetention",
                    "PutObjectTagging",
                    "PutObjectVersionAcl",
                    "PutObjectVersionTagging",
                    "PutReplicationConfiguration",
                    "ReplicateDelete",
                    "ReplicateObject",
                    "ReplicateTags",
                    "RestoreObject",
                    "UpdateObjectEncryption")
            .stream()
            .map(name -> (SERVICE + name).toLowerCase(Locale.ROOT))
            .toList();

    private ActionNames() {}

    /// Whether a pattern, in lower case, means any action.
    static boolean isAny(TextPattern pattern) {
        return ALL.stream().anyMatch(pattern::mayMatch);
    }

    /// Whether a pattern, in lower case, speaks of this service, as every one of a bucket's policy has to.
    static boolean isOurs(String pattern) {
        return pattern.equals("*") || pattern.startsWith(SERVICE);
    }
}
