package io.forebay.protocol.api;

import io.forebay.common.error.Check;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;

/// Reads unique names, `provider/@uuid#namespace/bucket/object`, as `object_to` and `bck_to` carry them.
public final class ObjectUname {
    private ObjectUname() {}

    /// Throws INVALID_ARGUMENT when the text is not an object's unique name.
    public static ObjectKey parseObject(String uname) {
        int bucketEnd = slashes(uname, 3);
        Check.argument(bucketEnd > 0 && bucketEnd + 1 < uname.length(), "invalid object uname \"%s\"", uname);
        return new ObjectKey(parseBucket(uname.substring(0, bucketEnd)), uname.substring(bucketEnd + 1));
    }

    /// The slash after the bucket may be missing. Throws INVALID_ARGUMENT when the text is not a bucket's unique
    /// name.
    public static BucketName parseBucket(String uname) {
        int namespace = uname.indexOf('/');
        int name = uname.indexOf('/', namespace + 1);
        Check.argument(
                namespace > 0 && name > 0 && uname.charAt(namespace + 1) == '@', "invalid bucket uname \"%s\"", uname);
        int end = uname.endsWith("/") ? uname.length() - 1 : uname.length();
        Check.argument(end > name, "invalid bucket uname \"%s\"", uname);
        return new BucketName(
                Provider.parse(uname.substring(0, namespace)),
                Namespace.parse(uname.substring(namespace + 1, name)),
                uname.substring(name + 1, end));
    }

    /// Where the slash of that number is, counted from 1, or -1.
    private static int slashes(String text, int count) {
        int at = -1;
        for (int number = 0; number < count; number++) {
            at = text.indexOf('/', at + 1);
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }
}
