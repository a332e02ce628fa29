package io.forebay.storage.metadata;

import io.forebay.common.model.Checksum;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that an object record says, before it is encoded.
///
/// @param size of the object in bytes
/// @param modifiedMillis when the content was committed
/// @param accessedMillis when it was last known to be read; the same as `modifiedMillis` when never
/// @param version counted from 1 per name
/// @param checksums at most one of each type
/// @param etag a tag of its own, or null when it follows from the checksums
/// @param compositeChecksum `algorithm=base64-N`, or null
/// @param system HTTP attributes by lower-case header name
/// @param custom user metadata
/// @param extents where the bytes are; null when they are in the log record that carries this value
/// @param parts of a multipart object; empty for a plain one
public record RecordDraft(
        long size,
        long modifiedMillis,
        long accessedMillis,
        long version,
        List<Checksum> checksums,
        @Nullable String etag,
        @Nullable String compositeChecksum,
        Map<String, String> system,
        Map<String, String> custom,
        @Nullable Extents extents,
        List<PartSpan> parts) {

    /// A draft that says what a stored record says, its extents spelt out: what an attribute change begins with.
    public static RecordDraft of(ObjectRecord record) {
        return new RecordDraft(
                record.size(),
                record.modifiedMillis(),
                record.accessedMillis(),
                record.version(),
                record.checksums(),
                record.explicitEtag(),
                record.compositeChecksum(),
                record.system(),
                record.custom(),
                record.extents(),
                record.parts());
    }

    /// The same object with its bytes elsewhere; null when they are in the log record that carries the value.
    public RecordDraft withExtents(@Nullable Extents next) {
        return new RecordDraft(
                size,
                modifiedMillis,
                accessedMillis,
                version,
                checksums,
                etag,
                compositeChecksum,
                system,
                custom,
                next,
                parts);
    }

    public RecordDraft withCustom(Map<String, String> next) {
        return new RecordDraft(
                size,
                modifiedMillis,
                accessedMillis,
                version,
                checksums,
                etag,
                compositeChecksum,
                system,
                next,
                extents,
                parts);
    }

    public RecordDraft withSystem(Map<String, String> next) {
        return new RecordDraft(
                size,
                modifiedMillis,
                accessedMillis,
                version,
                checksums,
                etag,
                compositeChecksum,
                next,
                custom,
                extents,
                parts);
    }

    /// The value for the index and the log; its location is zero until it is filled in.
    public byte[] encode() {
        return RecordCodec.encode(this);
    }
}
