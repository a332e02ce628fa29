package io.forebay.storage.metadata;

import java.util.Map;

/// What the index holds of one upload.
///
/// @param kind what its parts become, by a code of the kernel, 0 to 255
/// @param createdMillis in milliseconds since the epoch
/// @param baseVersion version of the object that it extends, 0 for none
/// @param baseModifiedMillis modification time of the object that it extends
/// @param note text of the caller
/// @param system HTTP attributes of the object to be
/// @param custom user metadata of the object to be
public record UploadRecord(
        int kind,
        long createdMillis,
        long baseVersion,
        long baseModifiedMillis,
        String note,
        Map<String, String> system,
        Map<String, String> custom) {

    /// The value for the index and the log.
    public byte[] encode() {
        ByteWriter out = new ByteWriter(128);
        Location.begin(out, kind);
        out.putFixed(createdMillis, RecordCodec.TIME_BYTES);
        out.putVarint(baseVersion).putFixed(baseModifiedMillis, RecordCodec.TIME_BYTES);
        out.putText(note);
        RecordCodec.writeSystem(system, out);
        RecordCodec.writeTexts(custom, out);
        return out.toBytes();
    }

    /// Throws CORRUPT when the value cannot be decoded.
    public static UploadRecord of(byte[] value) {
        int kind = Location.flags(value);
        ByteReader in = new ByteReader(value, Location.BYTES);
        return new UploadRecord(
                kind,
                in.readFixed(RecordCodec.TIME_BYTES),
                in.readVarint(),
                in.readFixed(RecordCodec.TIME_BYTES),
                in.readText(),
                RecordCodec.readSystem(in),
                RecordCodec.readTexts(in));
    }
}
