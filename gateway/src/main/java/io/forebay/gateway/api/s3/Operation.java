package io.forebay.gateway.api.s3;

/// What a request wants.
enum Operation {
    LIST_BUCKETS(true),
    CREATE_BUCKET(false),
    HEAD_BUCKET(true),
    DELETE_BUCKET(false),
    GET_BUCKET_LOCATION(true),
    GET_BUCKET_CONFIGURATION(true),
    PUT_BUCKET_CONFIGURATION(false),
    DELETE_BUCKET_CONFIGURATION(false),
    GET_BUCKET_POLICY(true),
    PUT_BUCKET_POLICY(false),
    DELETE_BUCKET_POLICY(false),
    GET_BUCKET_POLICY_STATUS(true),
    GET_ACL(false),
    PUT_ACL(false),
    LIST_OBJECTS(false),
    LIST_OBJECTS_V2(false),
    LIST_OBJECT_VERSIONS(false),
    LIST_MULTIPART_UPLOADS(false),
    DELETE_OBJECTS(false),
    GET_OBJECT(true),
    HEAD_OBJECT(true),
    PUT_OBJECT(false),
    POST_OBJECT(false),
    COPY_OBJECT(false),
    APPEND_OBJECT(false),
    RENAME_OBJECT(false),
    DELETE_OBJECT(false),
    GET_OBJECT_ATTRIBUTES(false),
    PUT_OBJECT_CONFIGURATION(false),
    GET_OBJECT_CONFIGURATION(false),
    GET_OBJECT_TAGGING(false),
    PUT_OBJECT_TAGGING(false),
    DELETE_OBJECT_TAGGING(false),
    CREATE_MULTIPART_UPLOAD(false),
    UPLOAD_PART(false),
    UPLOAD_PART_COPY(false),
    COMPLETE_MULTIPART_UPLOAD(false),
    ABORT_MULTIPART_UPLOAD(false),
    LIST_PARTS(false),
    PREFLIGHT(true);

    private final boolean fromMemory;

    Operation(boolean fromMemory) {
        this.fromMemory = fromMemory;
    }

    /// Whether the answer may be had without waiting: the others are not even begun on an event loop.
    boolean fromMemory() {
        return fromMemory;
    }
}
