package io.forebay.protocol.api;

/// Header names of the AIStore API (AIStore `apc/headers.go`).
public final class AisHeaders {
    /// PUT request and object reply: `xxhash2`, `md5`, … of the whole object.
    public static final String CHECKSUM_TYPE = "Ais-Checksum-Type";

    /// PUT request and object reply: lower-case hex.
    public static final String CHECKSUM_VALUE = "Ais-Checksum-Value";

    /// Nanoseconds since the epoch, decimal.
    public static final String ATIME = "Ais-Atime";

    /// One line for each custom entry, `key=value`.
    public static final String CUSTOM = "Ais-Custom-Md";

    public static final String VERSION = "Ais-Version";
    public static final String APPEND_HANDLE = "Ais-Append-Handle";
    public static final String PUT_IN_ARCHIVE = "Ais-Pine";
    public static final String ARCHIVE_APPEND = "Ais-Pine";

    public static final String NAME = "Ais-Name";
    public static final String BUCKET_NAME = "Ais-Bucket-Name";
    public static final String BUCKET_PROVIDER = "Ais-Bucket-Provider";
    public static final String BUCKET_NAMESPACE_UUID = "Ais-Bucket-Namespace-Uuid";
    public static final String BUCKET_NAMESPACE_NAME = "Ais-Bucket-Namespace-Name";
    public static final String LOCATION = "Ais-Location";
    public static final String MIRROR_PATHS = "Ais-Mirror-Paths";
    public static final String MIRROR_COPIES = "Ais-Mirror-Copies";
    public static final String PRESENT = "Ais-Present";
    public static final String CHUNKS_COUNT = "Ais-Chunks-Count";
    public static final String CHUNKS_MAX_SIZE = "Ais-Chunks-Max-Chunk-Size";

    /// HEAD bucket reply: the properties as one line of JSON.
    public static final String BUCKET_PROPERTIES = "Ais-Bucket-Props";

    /// HEAD bucket reply: the summary as one line of JSON.
    public static final String BUCKET_SUMMARY = "Ais-Bucket-Summ";

    public static final String JOB_ID = "Ais-Xaction-Id";
    public static final String INVENTORY_NAME = "Ais-Inv-Name";

    /// Request to `/v1/reverse`: the node that is meant.
    public static final String NODE_ID = "Ais-Node-Id";

    /// Health reply: nanoseconds.
    public static final String NODE_UPTIME = "Ais-Node-Uptime";

    /// Health reply: nanoseconds.
    public static final String CLUSTER_UPTIME = "Ais-Cluster-Uptime";

    /// Only AIStore's own nodes send it; refused from clients.
    public static final String CALLER_ID = "Ais-Caller-Id";

    private AisHeaders() {}
}
