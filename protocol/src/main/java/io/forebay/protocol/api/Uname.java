package io.forebay.protocol.api;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;

/// AIStore's unique names in queries: `provider/@uuid#namespace/bucket/` of a bucket, with the object's name behind it
/// of an object.
public final class Uname {
    private Uname() {}

    /// Throws INVALID_ARGUMENT when the text names no bucket, or an object too.
    public static BucketName bucket(String uname) {
        int end = endOfBucket(uname);
        if (end < uname.length() - 1) {
            throw invalid(uname, "expecting a bucket");
        }
        return bucket(uname, end);
    }

    /// Throws INVALID_ARGUMENT when the text names no object.
    public static ObjectKey object(String uname) {
        int end = endOfBucket(uname);
        if (end >= uname.length() - 1) {
            throw invalid(uname, "expecting an object");
        }
        return new ObjectKey(bucket(uname, end), uname.substring(end + 1));
    }

    private static BucketName bucket(String uname, int end) {
        int provider = uname.indexOf('/');
        int namespace = uname.indexOf('/', provider + 1);
        return new BucketName(
                Provider.parse(uname.substring(0, provider)),
                Namespace.parse(uname.substring(provider + 1, namespace)),
                uname.substring(namespace + 1, end));
    }

    /// Where the bucket's name ends: at the third slash, or at the end of the text.
    private static int endOfBucket(String uname) {
        int provider = uname.indexOf('/');
        int namespace = provider < 0 ? -1 : uname.indexOf('/', provider + 1);
        if (namespace < 0 || uname.charAt(provider + 1) != '@') {
            throw invalid(uname, "expecting provider/@uuid#namespace/bucket/");
        }
        int bucket = uname.indexOf('/', namespace + 1);
        return bucket < 0 ? uname.length() : bucket;
    }

    private static StoreException invalid(String uname, String rule) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "invalid name \"" + uname + "\": " + rule);
    }
}
