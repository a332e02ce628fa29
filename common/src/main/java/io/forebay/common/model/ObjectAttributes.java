package io.forebay.common.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of one stored object beside its bytes: the same truth behind every face.
///
/// @param size the object's length in bytes
/// @param modifiedMillis when this content was committed, in milliseconds since the epoch
/// @param version AIStore's version, counted from 1 per object name
/// @param etag S3's entity tag without quotes: hex MD5, or hex-N for N parts, or another shape where no MD5 is kept
/// @param checksums digests of the content; XXHASH64 is there unless the object was made of parts
/// @param compositeChecksum S3's COMPOSITE checksum of a multipart object as text `algorithm=base64-N`, or null
/// @param partCount the number of parts of a multipart object, 0 for a plain one
/// @param system HTTP attributes by lower-case header name, such as `content-type`
/// @param custom user metadata: AIStore's custom metadata and S3's `x-amz-meta-*` without that prefix
public record ObjectAttributes(
        long size,
        long modifiedMillis,
        long version,
        String etag,
        List<Checksum> checksums,
        @Nullable String compositeChecksum,
        int partCount,
        Map<String, String> system,
        Map<String, String> custom) {
    public ObjectAttributes {
        checksums = List.copyOf(checksums);
    }

    /// The checksum of that type, or null.
    public @Nullable Checksum checksum(ChecksumType type) {
        for (Checksum checksum : checksums) {
            if (checksum.type() == type) {
                return checksum;
            }
        }
        return null;
    }
}
