package io.forebay.storage.http;

import java.util.Locale;

/// What a request asks of a storage node, as metrics and logs name it.
enum Operation {
    GET,
    HEAD,
    PUT,
    DELETE,
    DELETE_MANY,
    PATCH,
    APPEND,
    PUT_MEMBER,
    FLUSH,
    COPY,
    RENAME,
    CHECK_LOCK,
    CREATE_UPLOAD,
    PUT_PART,
    LIST_PARTS,
    COMPLETE_UPLOAD,
    ABORT_UPLOAD,
    BATCH,
    LIST_UPLOADS,
    LIST_PAGE,
    LIST_HOLDINGS,
    LIST_ENTRIES,
    LIST_VERSIONS,
    NODE_QUERY,
    NODE_ORDER,
    VOLUMES,
    SCRUB,
    /// Another node answers it.
    FORWARD,
    /// Another storage node asks.
    PEER,
    HEALTH,
    /// A request that names no operation.
    UNKNOWN;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
