package io.forebay.protocol.api.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import io.forebay.protocol.api.ObjectUname;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/// One thing that a batch asks for (AIStore `api/apc/ml.go`).
///
/// @param name of the object
/// @param bucket its name; empty for the one in the request's path
/// @param provider of that bucket; empty for `ais`
/// @param uname the object's unique name, which counts before bucket and name; or empty
/// @param member the member of the archive that the object is; empty for the object itself
/// @param opaque what is given back with the entry, in base64 of either alphabet; or empty
/// @param start where the wanted bytes begin, in bytes
/// @param length how many there are: 0 with `start` 0 for all, -1 for all behind `start`
@JsonDeserialize(using = BatchEntryReader.class)
public record BatchEntry(
        @JsonProperty("objname") String name,
        String bucket,
        String provider,
        String uname,
        @JsonProperty("archpath") String member,
        String opaque,
        long start,
        long length) {
    /// What a message leaves out is empty.
    public BatchEntry(
            @Nullable String name,
            @Nullable String bucket,
            @Nullable String provider,
            @Nullable String uname,
            @Nullable String member,
            @Nullable String opaque,
            long start,
            long length) {
        this.name = text(name);
        this.bucket = text(bucket);
        this.provider = text(provider);
        this.uname = text(uname);
        this.member = text(member);
        this.opaque = text(opaque);
        this.start = start;
        this.length = length;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /// The object that is meant. Throws INVALID_ARGUMENT when that is not said.
    ///
    /// @param fallback the bucket of entries that name none, or null
    public ObjectKey key(@Nullable BucketName fallback) {
        if (!uname.isEmpty()) {
            return ObjectUname.parseObject(uname);
        }
        Check.argument(!name.isEmpty(), "an entry of a batch has no object name (\"%s\")", "objname");
        BucketName own =
                bucket.isEmpty() ? fallback : new BucketName(Provider.parse(provider), Namespace.GLOBAL, bucket);
        if (own == null) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "entry \"" + name + "\" names no bucket, and neither does the request's path");
        }
        return new ObjectKey(own, name);
    }

    /// The bytes that are wanted as a `Range` header has them; null for all. Throws INVALID_ARGUMENT, and
    /// RANGE_NOT_SATISFIABLE for a range of no bytes.
    public @Nullable String range() {
        Check.argument(start >= 0 && length >= -1, "invalid range of \"%s\": start %s, length %s", name, start, length);
        if (length == 0 && start > 0) {
            throw new StoreException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    "the range of \"" + name + "\" has no bytes: start " + start + ", length 0");
        }
        if (start == 0 && length <= 0) {
            return null;
        }
        // What is behind the end of all numbers is behind the end of every object.
        long last = length - 1 > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + length - 1;
        return "bytes=" + start + "-" + (length < 0 ? "" : Long.toString(last));
    }

    /// What is given back with the entry, in the standard alphabet of base64; null for nothing. Throws
    /// INVALID_ARGUMENT.
    public @Nullable String standardOpaque() {
        if (opaque.isEmpty()) {
            return null;
        }
        String standard = opaque.replace('-', '+').replace('_', '/');
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(standard));
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "\"opaque\" of entry \"" + name + "\" is not base64", e);
        }
    }
}
