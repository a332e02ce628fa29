package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.Action;
import java.util.Map;

/// The permissions that the configurations of a bucket, and those of an object, want.
final class ConfigurationActions {
    /// @param read to see it
    /// @param write to set it
    /// @param remove to remove it
    record Actions(Action read, Action write, Action remove) {
        Actions(Action read, Action write) {
            this(read, write, write);
        }
    }

    private static final Map<String, Actions> OF_BUCKET = Map.ofEntries(
            Map.entry(
                    "accelerate",
                    new Actions(Action.GET_ACCELERATE_CONFIGURATION, Action.PUT_ACCELERATE_CONFIGURATION)),
            Map.entry("acl", new Actions(Action.GET_BUCKET_ACL, Action.PUT_BUCKET_ACL)),
            Map.entry("analytics", new Actions(Action.GET_ANALYTICS_CONFIGURATION, Action.PUT_ANALYTICS_CONFIGURATION)),
            Map.entry("cors", new Actions(Action.GET_BUCKET_CORS, Action.PUT_BUCKET_CORS)),
            Map.entry(
                    "encryption",
                    new Actions(Action.GET_ENCRYPTION_CONFIGURATION, Action.PUT_ENCRYPTION_CONFIGURATION)),
            Map.entry(
                    "intelligent-tiering",
                    new Actions(
                            Action.GET_INTELLIGENT_TIERING_CONFIGURATION,
                            Action.PUT_INTELLIGENT_TIERING_CONFIGURATION)),
            Map.entry("inventory", new Actions(Action.GET_INVENTORY_CONFIGURATION, Action.PUT_INVENTORY_CONFIGURATION)),
            Map.entry("lifecycle", new Actions(Action.GET_LIFECYCLE_CONFIGURATION, Action.PUT_LIFECYCLE_CONFIGURATION)),
            Map.entry("logging", new Actions(Action.GET_BUCKET_LOGGING, Action.PUT_BUCKET_LOGGING)),
            Map.entry("metrics", new Actions(Action.GET_METRICS_CONFIGURATION, Action.PUT_METRICS_CONFIGURATION)),
            Map.entry("notification", new Actions(Action.GET_BUCKET_NOTIFICATION, Action.PUT_BUCKET_NOTIFICATION)),
            Map.entry(
                    "object-lock",
                    new Actions(
                            Action.GET_BUCKET_OBJECT_LOCK_CONFIGURATION, Action.PUT_BUCKET_OBJECT_LOCK_CONFIGURATION)),
            Map.entry(
                    "ownershipControls",
                    new Actions(Action.GET_BUCKET_OWNERSHIP_CONTROLS, Action.PUT_BUCKET_OWNERSHIP_CONTROLS)),
            Map.entry(
                    "policy",
                    new Actions(Action.GET_BUCKET_POLICY, Action.PUT_BUCKET_POLICY, Action.DELETE_BUCKET_POLICY)),
            Map.entry("policyStatus", new Actions(Action.GET_BUCKET_POLICY_STATUS, Action.PUT_BUCKET_POLICY)),
            Map.entry(
                    "publicAccessBlock",
                    new Actions(Action.GET_BUCKET_PUBLIC_ACCESS_BLOCK, Action.PUT_BUCKET_PUBLIC_ACCESS_BLOCK)),
            Map.entry(
                    "replication",
                    new Actions(Action.GET_REPLICATION_CONFIGURATION, Action.PUT_REPLICATION_CONFIGURATION)),
            Map.entry(
                    "requestPayment",
                    new Actions(Action.GET_BUCKET_REQUEST_PAYMENT, Action.PUT_BUCKET_REQUEST_PAYMENT)),
            Map.entry("tagging", new Actions(Action.GET_BUCKET_TAGGING, Action.PUT_BUCKET_TAGGING)),
            Map.entry("versioning", new Actions(Action.GET_BUCKET_VERSIONING, Action.PUT_BUCKET_VERSIONING)),
            Map.entry(
                    "website",
                    new Actions(Action.GET_BUCKET_WEBSITE, Action.PUT_BUCKET_WEBSITE, Action.DELETE_BUCKET_WEBSITE)));

    private ConfigurationActions() {}

    /// Of the configuration that a sub-resource of a bucket is. Throws NotImplemented for one without.
    static Actions ofBucket(String subResource) {
        Actions actions = OF_BUCKET.get(subResource);
        if (actions == null) {
            throw S3Failure.notImplemented(subResource);
        }
        return actions;
    }

    /// To set the configuration of an object.
    static Action writeOfObject(String subResource) {
        return subResource.equals("retention") ? Action.PUT_OBJECT_RETENTION : Action.PUT_OBJECT_LEGAL_HOLD;
    }

    /// To see the configuration of an object.
    static Action readOfObject(String subResource) {
        return switch (subResource) {
            case "retention" -> Action.GET_OBJECT_RETENTION;
            case "legal-hold" -> Action.GET_OBJECT_LEGAL_HOLD;
            default -> Action.GET_OBJECT_ACL;
        };
    }
}
