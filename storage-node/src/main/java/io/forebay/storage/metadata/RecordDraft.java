package io.forebay.storage.metadata;

import io.forebay.common.error.Check;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.Checksum;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything that an object record says, before it is encoded.
///
/// @param size of the object in bytes
/// @param modifiedMillis when the content was committed
/// @param accessedMillis when it was last known to be read; the same as `modifiedMillis` when never
/// @param version counted from 1 per name, with each content
/// @param stamp when the object was last changed, its attributes included; its version is not less than the
///     object's
/// @param checksums at most one of each type
/// @param etag a tag of its own, or null when it follows from the checksums
/// @param compositeChecksum `algorithm=base64-N`, or null
/// @param system HTTP attributes by lower-case header name
/// @param custom user metadata
/// @param extents where the bytes are; null when they are in the log record that carries this value
/// @param parts of a multipart object; empty for a plain one
/// @param seal what is kept of the encryption of the bytes; null when they are the content itself
public record RecordDraft(
        long size,
        long modifiedMillis,
        long accessedMillis,
        long version,
        Stamp stamp,
        List<Checksum> checksums,
        @Nullable String etag,
        @Nullable String compositeChecksum,
        Map<String, String> system,
        Map<String, String> custom,
        @Nullable Extents extents,
        List<PartSpan> parts,
        @Nullable Seal seal) {

    public RecordDraft {
        Check.argument(stamp.version() >= version, "stamp %s of a version %s", stamp, version);
    }

    /// An object with the stamp of a node that is alone, and whose attributes were not changed since it was
    /// written.
    public RecordDraft(
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
        this(
                size,
                modifiedMillis,
                accessedMillis,
                version,
                new Stamp(0, version),
                checksums,
                etag,
                compositeChecksum,
                system,
                custom,
                extents,
                parts,
                null);
    }

    /// What is known of content alone, whoever has it.
    public static RecordDraft ofContent(
            long size, List<Checksum> checksums, @Nullable String compositeChecksum, List<PartSpan> parts) {
        return new RecordDraft(size, 0, 0, 0, checksums, null, compositeChecksum, Map.of(), Map.of(), null, parts);
    }

    /// A draft that says what a stored record says, its extents spelt out: what an attribute change begins with.
    public static RecordDraft of(ObjectRecord record) {
        return of(record, record.extents());
    }

    /// What a stored record says of its object, wherever the bytes are: what other nodes are told.
    public static RecordDraft describing(ObjectRecord record) {
        return of(record, null);
    }

    private static RecordDraft of(ObjectRecord record, @Nullable Extents extents) {
        return new RecordDraft(
                record.size(),
                record.modifiedMillis(),
                record.accessedMillis(),
                record.version(),
                record.stamp(),
                record.checksums(),
                record.explicitEtag(),
                record.compositeChecksum(),
                record.system(),
                record.custom(),
                extents,
                record.parts(),
                record.seal());
    }

    /// The same object with its bytes elsewhere; null when they are in the log record that carries the value.
    public RecordDraft withExtents(@Nullable Extents next) {
        return with(stamp, system, custom, next, seal);
    }

    public RecordDraft withCustom(Map<String, String> next) {
        return with(stamp, system, next, extents, seal);
    }

    public RecordDraft withSystem(Map<String, String> next) {
        return with(stamp, next, custom, extents, seal);
    }

    public RecordDraft withStamp(Stamp next) {
        return with(next, system, custom, extents, seal);
    }

    /// The same object of which the bytes are ciphertext; null when they are the content itself.
    public RecordDraft withSeal(@Nullable Seal next) {
        return with(stamp, system, custom, extents, next);
    }

    private RecordDraft with(
            Stamp nextStamp,
            Map<String, String> nextSystem,
            Map<String, String> nextCustom,
            @Nullable Extents nextExtents,
            @Nullable Seal nextSeal) {
        return new RecordDraft(
                size,
                modifiedMillis,
                accessedMillis,
                version,
                nextStamp,
                checksums,
                etag,
                compositeChecksum,
                nextSystem,
                nextCustom,
                nextExtents,
                parts,
                nextSeal);
    }

    /// Whether the bytes are those of a record, by all that is known of them.
    public boolean hasBytesOf(ObjectRecord record) {
        return size == record.size() && checksums.equals(record.checksums()) && parts.equals(record.parts());
    }

    /// What tells this change from every other of the same key, wherever the bytes are: XXH64 of all that is said.
    public long digest() {
        byte[] all = with(stamp, new TreeMap<>(system), new TreeMap<>(custom), null, seal)
                .encode();
        return XxHash64.hash(all, 0);
    }

    /// The value for the index and the log; its location is zero until it is filled in.
    public byte[] encode() {
        return RecordCodec.encode(this);
    }
}
