package io.forebay.gateway.auth;

/// What a caller may be allowed, as S3 names it in policies; and two of our own, for what S3 has not.
public enum Action {
    LIST_ALL_MY_BUCKETS("s3:ListAllMyBuckets"),
    CREATE_BUCKET("s3:CreateBucket"),
    DELETE_BUCKET("s3:DeleteBucket"),
    LIST_BUCKET("s3:ListBucket"),
    LIST_BUCKET_VERSIONS("s3:ListBucketVersions"),
    LIST_BUCKET_MULTIPART_UPLOADS("s3:ListBucketMultipartUploads"),
    GET_BUCKET_LOCATION("s3:GetBucketLocation"),
    GET_BUCKET_ACL("s3:GetBucketAcl"),
    PUT_BUCKET_ACL("s3:PutBucketAcl"),
    GET_BUCKET_CORS("s3:GetBucketCORS"),
    PUT_BUCKET_CORS("s3:PutBucketCORS"),
    GET_BUCKET_TAGGING("s3:GetBucketTagging"),
    PUT_BUCKET_TAGGING("s3:PutBucketTagging"),
    GET_BUCKET_POLICY("s3:GetBucketPolicy"),
    PUT_BUCKET_POLICY("s3:PutBucketPolicy"),
    DELETE_BUCKET_POLICY("s3:DeleteBucketPolicy"),
    GET_BUCKET_POLICY_STATUS("s3:GetBucketPolicyStatus"),
    GET_BUCKET_PUBLIC_ACCESS_BLOCK("s3:GetBucketPublicAccessBlock"),
    PUT_BUCKET_PUBLIC_ACCESS_BLOCK("s3:PutBucketPublicAccessBlock"),
    GET_BUCKET_OWNERSHIP_CONTROLS("s3:GetBucketOwnershipControls"),
    PUT_BUCKET_OWNERSHIP_CONTROLS("s3:PutBucketOwnershipControls"),
    GET_BUCKET_VERSIONING("s3:GetBucketVersioning"),
    PUT_BUCKET_VERSIONING("s3:PutBucketVersioning"),
    GET_LIFECYCLE_CONFIGURATION("s3:GetLifecycleConfiguration"),
    PUT_LIFECYCLE_CONFIGURATION("s3:PutLifecycleConfiguration"),
    GET_ENCRYPTION_CONFIGURATION("s3:GetEncryptionConfiguration"),
    PUT_ENCRYPTION_CONFIGURATION("s3:PutEncryptionConfiguration"),
    GET_BUCKET_OBJECT_LOCK_CONFIGURATION("s3:GetBucketObjectLockConfiguration"),
    PUT_BUCKET_OBJECT_LOCK_CONFIGURATION("s3:PutBucketObjectLockConfiguration"),
    GET_BUCKET_LOGGING("s3:GetBucketLogging"),
    PUT_BUCKET_LOGGING("s3:PutBucketLogging"),
    GET_BUCKET_NOTIFICATION("s3:GetBucketNotification"),
    PUT_BUCKET_NOTIFICATION("s3:PutBucketNotification"),
    GET_REPLICATION_CONFIGURATION("s3:GetReplicationConfiguration"),
    PUT_REPLICATION_CONFIGURATION("s3:PutReplicationConfiguration"),
    GET_BUCKET_WEBSITE("s3:GetBucketWebsite"),
    PUT_BUCKET_WEBSITE("s3:PutBucketWebsite"),
    DELETE_BUCKET_WEBSITE("s3:DeleteBucketWebsite"),
    GET_ACCELERATE_CONFIGURATION("s3:GetAccelerateConfiguration"),
    PUT_ACCELERATE_CONFIGURATION("s3:PutAccelerateConfiguration"),
    GET_BUCKET_REQUEST_PAYMENT("s3:GetBucketRequestPayment"),
    PUT_BUCKET_REQUEST_PAYMENT("s3:PutBucketRequestPayment"),
    GET_ANALYTICS_CONFIGURATION("s3:GetAnalyticsConfiguration"),
    PUT_ANALYTICS_CONFIGURATION("s3:PutAnalyticsConfiguration"),
    GET_INVENTORY_CONFIGURATION("s3:GetInventoryConfiguration"),
    PUT_INVENTORY_CONFIGURATION("s3:PutInventoryConfiguration"),
    GET_METRICS_CONFIGURATION("s3:GetMetricsConfiguration"),
    PUT_METRICS_CONFIGURATION("s3:PutMetricsConfiguration"),
    GET_INTELLIGENT_TIERING_CONFIGURATION("s3:GetIntelligentTieringConfiguration"),
    PUT_INTELLIGENT_TIERING_CONFIGURATION("s3:PutIntelligentTieringConfiguration"),
    GET_OBJECT("s3:GetObject"),
    GET_OBJECT_VERSION("s3:GetObjectVersion"),
    GET_OBJECT_VERSION_ATTRIBUTES("s3:GetObjectVersionAttributes"),
    GET_OBJECT_VERSION_ACL("s3:GetObjectVersionAcl"),
    GET_OBJECT_VERSION_TAGGING("s3:GetObjectVersionTagging"),
    GET_OBJECT_ATTRIBUTES("s3:GetObjectAttributes"),
    GET_OBJECT_ACL("s3:GetObjectAcl"),
    GET_OBJECT_TAGGING("s3:GetObjectTagging"),
    GET_OBJECT_RETENTION("s3:GetObjectRetention"),
    GET_OBJECT_LEGAL_HOLD("s3:GetObjectLegalHold"),
    PUT_OBJECT("s3:PutObject"),
    PUT_OBJECT_ACL("s3:PutObjectAcl"),
    PUT_OBJECT_TAGGING("s3:PutObjectTagging"),
    PUT_OBJECT_VERSION_ACL("s3:PutObjectVersionAcl"),
    PUT_OBJECT_VERSION_TAGGING("s3:PutObjectVersionTagging"),
    PUT_OBJECT_RETENTION("s3:PutObjectRetention"),
    PUT_OBJECT_LEGAL_HOLD("s3:PutObjectLegalHold"),
    BYPASS_GOVERNANCE_RETENTION("s3:BypassGovernanceRetention"),
    DELETE_OBJECT("s3:DeleteObject"),
    DELETE_OBJECT_VERSION("s3:DeleteObjectVersion"),
    DELETE_OBJECT_TAGGING("s3:DeleteObjectTagging"),
    DELETE_OBJECT_VERSION_TAGGING("s3:DeleteObjectVersionTagging"),
    ABORT_MULTIPART_UPLOAD("s3:AbortMultipartUpload"),
    LIST_MULTIPART_UPLOAD_PARTS("s3:ListMultipartUploadParts"),
    /// Changing what AIStore's clients see of a bucket: its properties.
    CONFIGURE_BUCKET("forebay:ConfigureBucket"),
    /// Whatever is of the whole cluster: for administrators alone.
    ADMINISTER("forebay:Administer");

    private final String text;

    Action(String text) {
        this.text = text;
    }

    /// The same done to a certain version of an object.
    public Action ofVersion() {
        return switch (this) {
            case GET_OBJECT -> GET_OBJECT_VERSION;
            case GET_OBJECT_ATTRIBUTES -> GET_OBJECT_VERSION_ATTRIBUTES;
            case GET_OBJECT_ACL -> GET_OBJECT_VERSION_ACL;
            case GET_OBJECT_TAGGING -> GET_OBJECT_VERSION_TAGGING;
            case PUT_OBJECT_ACL -> PUT_OBJECT_VERSION_ACL;
            case PUT_OBJECT_TAGGING -> PUT_OBJECT_VERSION_TAGGING;
            case DELETE_OBJECT -> DELETE_OBJECT_VERSION;
            case DELETE_OBJECT_TAGGING -> DELETE_OBJECT_VERSION_TAGGING;
            default -> this;
        };
    }

    /// The name, such as `s3:GetObject`.
    public String text() {
        return text;
    }
}
