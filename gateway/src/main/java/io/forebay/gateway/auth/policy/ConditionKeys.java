package io.forebay.gateway.auth.policy;

import java.util.Set;

/// The condition keys that policies may name, in lower case.
///
/// S3's own are a closed list, so that a misspelt one is refused. Of the global ones (`aws:`) every one is taken: those
/// that nothing here can know are absent from every request.
final class ConditionKeys {
    /// What the keys of an object's present tags begin with.
    static final String EXISTING_TAG = "s3:existingobjecttag/";

    private static final String REQUEST_TAG = "s3:requestobjecttag/";
    private static final String GLOBAL = "aws:";

    private static final Set<String> OWN = Set.of(
            "s3:authtype",
            "s3:dataaccesspointaccount",
            "s3:dataaccesspointarn",
            "s3:delimiter",
            "s3:if-match",
            "s3:if-none-match",
            "s3:locationconstraint",
            "s3:max-keys",
            "s3:object-lock-legal-hold",
            "s3:object-lock-mode",
            "s3:object-lock-remaining-retention-days",
            "s3:object-lock-retain-until-date",
            "s3:objectcreationoperation",
            "s3:prefix",
            "s3:requestobjecttagkeys",
            "s3:resourceaccount",
            "s3:signatureage",
            "s3:signatureversion",
            "s3:tlsversion",
            "s3:versionid",
            "s3:x-amz-acl",
            "s3:x-amz-content-sha256",
            "s3:x-amz-copy-source",
            "s3:x-amz-grant-full-control",
            "s3:x-amz-grant-read",
            "s3:x-amz-grant-read-acp",
            "s3:x-amz-grant-write",
            "s3:x-amz-grant-write-acp",
            "s3:x-amz-metadata-directive",
            "s3:x-amz-object-ownership",
            "s3:x-amz-server-side-encryption",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "s3:x-amz-server-side-encryption-customer-algorithm",
            "s3:x-amz-storage-class",
            "s3:x-amz-website-redirect-location");

    private ConditionKeys() {}

    static boolean isKnown(String key) {
        return OWN.contains(key) || isBelow(EXISTING_TAG, key) || isBelow(REQUEST_TAG, key) || isBelow(GLOBAL, key);
    }

    private static boolean isBelow(String prefix, String key) {
        return key.startsWith(prefix) && key.length() > prefix.length();
    }
}
