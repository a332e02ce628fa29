package io.forebay.common.model;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;

/// The full name of one object, or of one version of it that is not its current one. The name is any text of 1 to
/// 4096 bytes of UTF-8: it is never a path, so `.`, `..`, `//` and trailing slashes are ordinary names here. Faces
/// narrow it as their protocols demand.
///
/// @param version the id of the version (`VersionId`); empty for the object as it is
public record ObjectKey(BucketName bucket, String name, String version) {
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
        Check.argument(version.isEmpty() || VersionId.isValid(version), "\"%s\" is not the id of a version", version);
    }

    /// The object as it is.
    public ObjectKey(BucketName bucket, String name) {
        this(bucket, name, "");
    }

    /// One version of the object that is not its current one.
    public ObjectKey at(String versionId) {
        return new ObjectKey(bucket, name, versionId);
    }

    public boolean isVersion() {
        return !version.isEmpty();
    }

    /// The unique name that placement hashes: the bucket's, then the object's. All versions are where the object is.
    public String uname() {
        return bucket.uname() + name;
    }

    /// The display form `ais://bucket/object`, with `?versionId=` behind it for a version.
    @Override
    public String toString() {
        return bucket + "/" + name + (isVersion() ? "?versionId=" + version : "");
    }
}
