package io.forebay.common.model;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;

/// The full name of one object. The name is any text of 1 to 4096 bytes of UTF-8: it is never a path, so `.`,
/// `..`, `//` and trailing slashes are ordinary names here. Faces narrow it as their protocols demand.
public record ObjectKey(BucketName bucket, String name) {
    public static final int MAX_NAME_BYTES = 4096;

    public ObjectKey {
        Check.argument(!name.isEmpty(), "object name in %s is empty", bucket);
        if (name.length() > MAX_NAME_BYTES
                || (name.length() > MAX_NAME_BYTES / 3
                        && name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES)) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "object name in " + bucket + " is longer than " + MAX_NAME_BYTES + " bytes of UTF-8");
        }
    }

    /// The unique name that placement hashes: the bucket's, then the object's.
    public String uname() {
        return bucket.uname() + name;
    }

    /// The display form `ais://bucket/object`.
    @Override
    public String toString() {
        return bucket + "/" + name;
    }
}
