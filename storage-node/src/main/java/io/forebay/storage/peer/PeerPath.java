package io.forebay.storage.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import io.forebay.storage.metadata.Stamp;

/// The requests between storage nodes: `/v1/peer/BUCKET/OBJECT?what=…`, path and bucket as AIStore's objects
/// have them.
public final class PeerPath {
    /// The word behind `/v1/`.
    public static final String PEER = "peer";

    /// Query: which request.
    static final String WHAT = "what";
    /// Query: the epoch that the asker serves under, or commits under.
    static final String EPOCH = "epoch";
    /// Query: the asker's id.
    static final String FROM = "from";
    /// Query: a stamp, `epoch.version`.
    static final String STAMP = "stamp";
    /// Query: the stamp of the object whose bytes a change of attributes keeps.
    static final String BASE = "base";
    /// Query: the id of a version of the object; absent for the object itself.
    static final String VERSION = "version";
    /// Query: the version of the same object whose bytes a commit takes, if it has the stamp of `BASE`; empty for the
    /// object itself.
    static final String BYTES_OF = "bytesof";
    /// Query: names bytes that were sent ahead.
    static final String TOKEN = "token";
    /// Query: the id of an upload.
    static final String UPLOAD = "upload";
    /// Query: the number of a part.
    static final String PART = "part";
    /// Query of a page: only names after this one.
    static final String AFTER = "after";
    /// Query of a page: of that name only versions after this one.
    static final String AFTER_VERSION = "afterversion";
    /// Query of a page: the most entries.
    static final String LIMIT = "limit";

    private PeerPath() {}

    static String target(ObjectKey key, String what) {
        return NativePath.target(key).replaceFirst(NativePath.OBJECTS, PEER) + "&" + WHAT + "=" + what
                + (key.isVersion() ? parameter(VERSION, key.version()) : "");
    }

    /// The key that a request is about.
    static ObjectKey key(NativePath path, Query query) {
        ObjectKey key = path.key(query);
        String version = query.find(VERSION, "");
        return version.isEmpty() ? key : key.at(version);
    }

    static String target(BucketName bucket, String what) {
        return NativePath.target(bucket).replaceFirst(NativePath.BUCKETS, PEER) + "&" + WHAT + "=" + what;
    }

    /// Throws INVALID_ARGUMENT when the text is no `epoch.version`.
    static Stamp stamp(String text) {
        int dot = text.indexOf('.');
        try {
            return new Stamp(
                    Long.parseLong(text.substring(0, Math.max(0, dot))), Long.parseLong(text.substring(dot + 1)));
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "\"" + text + "\" is no stamp", e);
        }
    }

    static String parameter(String name, String value) {
        return "&" + name + "=" + PercentCode.encode(value);
    }

    static String parameter(String name, long value) {
        return "&" + name + "=" + value;
    }
}
