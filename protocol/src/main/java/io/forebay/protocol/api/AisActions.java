package io.forebay.protocol.api;

/// Actions that an `ActionMessage` names (AIStore `apc/actmsg.go`).
public final class AisActions {
    public static final String LIST = "list";
    public static final String CREATE_BUCKET = "create-bck";
    public static final String DESTROY_BUCKET = "destroy-bck";
    public static final String RENAME_BUCKET = "move-bck";
    public static final String COPY_BUCKET = "copy-bck";
    public static final String TRANSFORM_BUCKET = "etl-bck";
    public static final String EVICT_BUCKET = "evict-remote-bck";
    public static final String SET_PROPERTIES = "set-bprops";
    public static final String RESET_PROPERTIES = "reset-bprops";
    public static final String SUMMARY = "summary-bck";
    public static final String SHARD_SUMMARY = "summary-shard";
    public static final String MAKE_COPIES = "make-n-copies";
    public static final String EC_ENCODE = "ec-encode";
    public static final String RECHUNK = "rechunk";
    public static final String INDEX_SHARD = "index-shard";
    public static final String CREATE_INVENTORY = "create-inventory";
    public static final String DESTROY_INVENTORY = "destroy-inventory";
    public static final String SHOW_INVENTORY = "show-inventory";

    public static final String COPY_OBJECTS = "copy-listrange";
    public static final String TRANSFORM_OBJECTS = "etl-listrange";
    public static final String PREFETCH_OBJECTS = "prefetch-listrange";
    public static final String DELETE_OBJECTS = "delete-listrange";
    public static final String EVICT_OBJECTS = "evict-listrange";
    public static final String ARCHIVE = "archive";

    public static final String RENAME_OBJECT = "rename-obj";
    public static final String CHECK_LOCK = "check-lock";
    public static final String CREATE_UPLOAD = "mpt-upload";
    public static final String COMPLETE_UPLOAD = "mpt-complete";
    public static final String ABORT_UPLOAD = "mpt-abort";
    public static final String BLOB_DOWNLOAD = "blob-download";
    public static final String PROMOTE = "promote";

    private AisActions() {}
}
