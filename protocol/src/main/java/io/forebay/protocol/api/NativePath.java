package io.forebay.protocol.api;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import org.jspecify.annotations.Nullable;

/// What a native path names: `/v1/COLLECTION[/BUCKET[/OBJECT]]`, decoded.
///
/// The third word takes the rest of the path as it is, slashes and empty words included, since object names are not
/// paths here. Provider and namespace of the bucket are in the query (AIStore `apc/query.go`).
///
/// @param collection `objects`, `buckets`, `daemon`, …; empty for `/v1` alone
/// @param bucket the bucket's name, or empty when the path ends before it
/// @param object the object's name, or empty when the path ends before it
public record NativePath(String collection, String bucket, String object) {
    public static final String OBJECTS = "objects";
    public static final String BUCKETS = "buckets";
    /// Query: the bucket's provider, `ais` when absent.
    public static final String PROVIDER = "provider";
    /// Query: the bucket's namespace, the global one when absent.
    public static final String NAMESPACE = "namespace";

    private static final String ROOT = "/v1";

    /// Parses a path as received. Throws INVALID_ARGUMENT when it is not below `/v1` or has a broken escape.
    public static NativePath parse(String rawPath) {
        boolean below = rawPath.startsWith(ROOT) && (rawPath.length() == 3 || rawPath.charAt(3) == '/');
        Check.argument(below, "invalid URL path \"%s\": expecting /v1/...", rawPath);
        int collection = Math.min(ROOT.length() + 1, rawPath.length());
        int bucket = wordAfter(rawPath, collection);
        int object = wordAfter(rawPath, bucket);
        return new NativePath(
                known(word(rawPath, collection, bucket)),
                PercentCode.decode(word(rawPath, bucket, object)),
                PercentCode.decode(rawPath.substring(object)));
    }

    /// The request target of an object: path, provider, and namespace where it is not the global one. Further
    /// parameters can be added behind `&`.
    public static String target(ObjectKey key) {
        return target(key.bucket(), "/" + PercentCode.encodePath(key.name()), OBJECTS);
    }

    /// The request target of a bucket, as `target(ObjectKey)` has it.
    public static String target(BucketName bucket) {
        return target(bucket, "", BUCKETS);
    }

    /// The same with more of a query, percent-encoded and not empty.
    public static String target(BucketName bucket, String nativeQuery) {
        return target(bucket) + "&" + nativeQuery;
    }

    /// The bucket that the path and the query name. Throws INVALID_ARGUMENT when they name none.
    public BucketName bucketName(Query query) {
        if (bucket.isEmpty()) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "bucket name is missing in the URL path");
        }
        return bucketName(bucket, query);
    }

    /// The bucket that stands where the name of an object does elsewhere (`/v1/ml/moss/BUCKET`), or null when the path
    /// ends before it. Throws INVALID_ARGUMENT when it cannot be the name of a bucket.
    public @Nullable BucketName trailingBucketName(Query query) {
        return object.isEmpty() ? null : bucketName(object, query);
    }

    /// The object that the path and the query name. Throws INVALID_ARGUMENT when they name none.
    public ObjectKey key(Query query) {
        return new ObjectKey(bucketName(query), object);
    }

    /// Holds an object name to AIStore's rule: no component `.` or `..`, no leading `~/`, and no trailing slash when
    /// the name is to be written (AIStore `cmn/cos/err.go`). Throws INVALID_ARGUMENT.
    public static void checkObjectName(String name, boolean written) {
        boolean valid = !name.isEmpty() && !name.startsWith("~/") && !(written && name.endsWith("/"));
        for (int dot = name.indexOf('.'); valid && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            valid = !isDotComponent(name, dot);
        }
        Check.argument(valid, "invalid object name \"%s\"", name);
    }

    /// Whether the component that begins at this dot is `.` or `..`.
    private static boolean isDotComponent(String name, int dot) {
        if (dot > 0 && name.charAt(dot - 1) != '/') {
            return false;
        }
        int next = dot + 1 < name.length() && name.charAt(dot + 1) == '.' ? dot + 2 : dot + 1;
        return next == name.length() || name.charAt(next) == '/';
    }

    private static BucketName bucketName(String name, Query query) {
        String namespace = query.find(NAMESPACE, "");
        return new BucketName(
                Provider.parse(query.find(PROVIDER, "")),
                namespace.isEmpty() ? Namespace.GLOBAL : Namespace.parse(namespace),
                name);
    }

    private static String target(BucketName bucket, String rest, String collection) {
        StringBuilder target = new StringBuilder(64 + rest.length());
        target.append(ROOT).append('/').append(collection).append('/').append(bucket.name());
        target.append(rest).append("?provider=").append(bucket.provider().wireName());
        if (!bucket.namespace().isGlobal()) {
            target.append("&namespace=")
                    .append(PercentCode.encode(bucket.namespace().toString()));
        }
        return target.toString();
    }

    /// Where the word after the one at `from` begins: behind its slash, or at the end.
    private static int wordAfter(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash + 1;
    }

    private static String word(String path, int from, int next) {
        boolean slash = next > from && path.charAt(next - 1) == '/';
        return path.substring(from, slash ? next - 1 : next);
    }

    /// The constant of a frequent word, so that it need not be kept twice.
    private static String known(String word) {
        return word.equals(OBJECTS) ? OBJECTS : word.equals(BUCKETS) ? BUCKETS : PercentCode.decode(word);
    }
}
