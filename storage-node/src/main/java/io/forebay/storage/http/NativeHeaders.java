package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An object's attributes as AIStore's API shows them.
final class NativeHeaders {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String DEFAULT_TYPE = "xxhash2";
    private static final String NONE = "none";
    private static final List<ChecksumType> FALLBACKS = List.of(
            ChecksumType.XXHASH64, ChecksumType.CRC32C, ChecksumType.MD5, ChecksumType.SHA256, ChecksumType.SHA512);

    private NativeHeaders() {}

    /// Checksum, access time, version and custom metadata: what GET and PUT tell.
    static void write(ObjectRecord record, Bucket bucket, Headers headers) {
        writeChecksum(shown(record, bucket), bucket, headers);
        writeAccessTime(record, headers);
        writeVersion(record, bucket, headers);
        writeCustom(record, headers);
    }

    /// As `write`, with the checksum of the range that is sent instead of the object's.
    static void write(ObjectRecord record, Bucket bucket, Checksum ofRange, Headers headers) {
        writeChecksum(ofRange, bucket, headers);
        writeAccessTime(record, headers);
        writeVersion(record, bucket, headers);
        writeCustom(record, headers);
    }

    static void writeChecksum(ObjectRecord record, Bucket bucket, Headers headers) {
        writeChecksum(shown(record, bucket), bucket, headers);
    }

    static void writeAccessTime(ObjectRecord record, Headers headers) {
        headers.add(AisHeaders.ATIME, record.modifiedMillis() * NANOS_PER_MILLI);
    }

    static void writeVersion(ObjectRecord record, Bucket bucket, Headers headers) {
        if (!"false".equals(bucket.properties().get("versioning.enabled"))) {
            headers.add(AisHeaders.VERSION, record.version());
        }
    }

    static void writeCustom(ObjectRecord record, Headers headers) {
        CustomMetadata.write(record.custom(), headers);
    }

    /// The type that the bucket's objects show, or null when it is `none`.
    static @Nullable ChecksumType type(Bucket bucket) {
        String name = bucket.properties().getOrDefault(Bucket.CHECKSUM_TYPE, DEFAULT_TYPE);
        return name.equals(NONE) ? null : ChecksumType.find(name);
    }

    /// The checksum that AIStore's API shows of an object: the bucket's type, or one that AIStore knows where an
    /// object was stored before the bucket had that type. Null when there is none to show.
    static @Nullable Checksum shown(ObjectRecord record, Bucket bucket) {
        ChecksumType type = type(bucket);
        if (type == null) {
            return null;
        }
        Checksum checksum = record.checksum(type);
        for (int index = 0; checksum == null && index < FALLBACKS.size(); index++) {
            checksum = record.checksum(FALLBACKS.get(index));
        }
        return checksum;
    }

    private static void writeChecksum(@Nullable Checksum checksum, Bucket bucket, Headers headers) {
        if (checksum != null) {
            headers.add(AisHeaders.CHECKSUM_TYPE, wireName(checksum.type(), bucket));
            headers.add(AisHeaders.CHECKSUM_VALUE, checksum.hex());
        }
    }

    /// `xxhash` and `xxhash2` are one digest: the bucket's word for it is shown.
    private static String wireName(ChecksumType type, Bucket bucket) {
        String name = bucket.properties().get(Bucket.CHECKSUM_TYPE);
        return name != null && ChecksumType.find(name) == type ? name : type.wireName();
    }
}
