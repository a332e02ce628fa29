package io.forebay.protocol.sigv4;

import java.util.HashSet;
import java.util.Set;

/// The names in an S3 request's query that make another request of it, and so must never go unsigned.
public final class SubResources {
    /// Those that make another operation of it.
    public static final Set<String> OPERATIONS = Set.of(
            "abac",
            "accelerate",
            "acl",
            "analytics",
            "append",
            "attributes",
            "cors",
            "delete",
            "encryption",
            "intelligent-tiering",
            "inventory",
            "legal-hold",
            "lifecycle",
            "location",
            "logging",
            "metadataConfiguration",
            "metadataInventoryTable",
            "metadataJournalTable",
            "metadataTable",
            "metrics",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "renameObject",
            "replication",
            "requestPayment",
            "restore",
            "retention",
            "select",
            "session",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versioning",
            "versions",
            "website");

    private static final Set<String> PARAMETERS = Set.of(
            "partNumber",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires",
            "select-type",
            "storageClass",
            "versionId");

    /// All that signatures of version 2 cover: more than old clients know.
    static final Set<String> SIGNED = signed();

    private SubResources() {}

    private static Set<String> signed() {
        Set<String> signed = new HashSet<>(OPERATIONS);
        signed.addAll(PARAMETERS);
        return Set.copyOf(signed);
    }
}
