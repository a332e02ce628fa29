package io.forebay.protocol.api;

/// Query names of the AIStore API (AIStore `apc/query.go`), and how its booleans read.
public final class AisQuery {
    public static final String WHAT = "what";
    public static final String PROPS = "props";
    public static final String UUID = "uuid";
    public static final String PROVIDER = NativePath.PROVIDER;
    public static final String NAMESPACE = NativePath.NAMESPACE;
    public static final String PRESENCE = "presence";

    /// Marks, with `UTM`, a request that a gateway redirected: the gateway's id.
    public static final String GATEWAY_ID = "pid";

    /// When the gateway redirected, in nanoseconds since the epoch in base 36.
    public static final String UTM = "utm";

    /// In a redirect, the version of the cluster state that it was made under: a storage node awaits that first.
    public static final String STATE_VERSION = "fbver";

    public static final String OBJECT_TO = "object_to";
    public static final String BUCKET_TO = "bck_to";
    public static final String APPEND_TYPE = "append_type";
    public static final String APPEND_HANDLE = "append_handle";
    public static final String UPLOAD_ID = "uploadId";
    public static final String PART_NUMBER = "partNumber";
    public static final String SET_NEW_CUSTOM = "set-new-custom";
    public static final String SKIP_VERSION_CHECK = "skip_vc";
    public static final String VALIDATE_CHECKSUM = "validate-checksum";
    public static final String LATEST_VERSION = "latest-ver";
    public static final String SYNCHRONIZE = "synchronize";

    public static final String ARCHIVE_PATH = "archpath";
    public static final String ARCHIVE_MIME = "archmime";
    public static final String ARCHIVE_REGEX = "archregx";
    public static final String ARCHIVE_MODE = "archmode";
    public static final String ETL_NAME = "etl_name";
    public static final String ETL_PIPELINE = "etl_pipeline";
    public static final String ETL_ARGUMENTS = "etl_args";

    public static final String BUCKET_SUMMARY_REMOTE = "bsumm_remote";
    public static final String READINESS = "readiness";
    public static final String PRIMARY_READY = "prr";
    public static final String ASSERT_PRIMARY = "apr";
    public static final String NODE_STATE = "cii";
    public static final String NODE_STATE_OF_PRIMARY = "cii-apr";
    public static final String SEVERITY = "severity";
    public static final String OFFSET = "offset";
    public static final String ALL = "all";

    /// Whether a change of the configuration lasts only until the process of the node ends.
    public static final String TRANSIENT = "transient";

    private AisQuery() {}

    /// AIStore's boolean: anything that is not one of its words for true is false.
    public static boolean isTrue(String value) {
        return switch (value) {
            case "true", "y", "yes", "on", "1", "t", "T", "TRUE", "True" -> true;
            default -> false;
        };
    }
}
