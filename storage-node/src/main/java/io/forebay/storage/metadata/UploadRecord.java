package io.forebay.storage.metadata;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the index holds of one upload.
///
/// @param stage whether the upload is on this volume, or on its way to or from it
/// @param move names the move that it is in the middle of, the same on both volumes; empty when it is here
/// @param kind what its parts become, by a code of the kernel, 0 to 15
/// @param createdMillis in milliseconds since the epoch
/// @param baseVersion version of the object that it extends, 0 for none
/// @param baseModifiedMillis modification time of the object that it extends
/// @param note text of the caller
/// @param system HTTP attributes of the object to be
/// @param custom user metadata of the object to be
/// @param seal what is kept of the encryption of the object to be, whose size is not known yet; null for none
public record UploadRecord(
        Stage stage,
        String move,
        int kind,
        long createdMillis,
        long baseVersion,
        long baseModifiedMillis,
        String note,
        Map<String, String> system,
        Map<String, String> custom,
        @Nullable Seal seal) {
    private static final int KINDS = 16;

    /// Where an upload is in a move from volume to volume.
    public enum Stage {
        /// It is here.
        HERE(0),
        /// It is on another volume and is being copied here.
        ARRIVING(1),
        /// It was here and is on the volume where it was arriving.
        LEFT(2);

        /// Codes are part of the storage format.
        private final int code;

        Stage(int code) {
            this.code = code;
        }

        private static Stage ofCode(int code) {
            for (Stage stage : values()) {
                if (stage.code == code) {
                    return stage;
                }
            }
            throw new StoreException(ErrorCode.CORRUPT, "an upload has the unknown stage " + code);
        }
    }

    /// An upload that is here.
    public UploadRecord(
            int kind,
            long createdMillis,
            long baseVersion,
            long baseModifiedMillis,
            String note,
            Map<String, String> system,
            Map<String, String> custom,
            @Nullable Seal seal) {
        this(Stage.HERE, "", kind, createdMillis, baseVersion, baseModifiedMillis, note, system, custom, seal);
    }

    /// The same in the middle of a move.
    public UploadRecord at(Stage next, String nextMove) {
        return new UploadRecord(
                next, nextMove, kind, createdMillis, baseVersion, baseModifiedMillis, note, system, custom, seal);
    }

    /// The same upload, here.
    public UploadRecord here() {
        return at(Stage.HERE, "");
    }

    /// Whether a value is that of an upload which is here.
    public static boolean isHere(byte[] value) {
        return Location.flags(value) < KINDS;
    }

    /// The value for the index and the log.
    public byte[] encode() {
        ByteWriter out = new ByteWriter(128);
        Location.begin(out, kind + KINDS * stage.code, seal == null ? 0 : RecordCodec.SEALED);
        out.putFixed(createdMillis, RecordCodec.TIME_BYTES);
        out.putVarint(baseVersion).putFixed(baseModifiedMillis, RecordCodec.TIME_BYTES);
        out.putText(note);
        RecordCodec.writeSystem(system, out);
        RecordCodec.writeTexts(custom, out);
        if (seal != null) {
            RecordCodec.writeSeal(seal, out);
        }
        if (stage != Stage.HERE) {
            out.putText(move);
        }
        return out.toBytes();
    }

    /// Throws CORRUPT when the value cannot be decoded.
    public static UploadRecord of(byte[] value) {
        int flags = Location.flags(value);
        Stage stage = Stage.ofCode(flags / KINDS);
        ByteReader in = new ByteReader(value, Location.BYTES);
        boolean sealed = (Location.furtherFlags(value, in) & RecordCodec.SEALED) != 0;
        UploadRecord record = new UploadRecord(
                flags % KINDS,
                in.readFixed(RecordCodec.TIME_BYTES),
                in.readVarint(),
                in.readFixed(RecordCodec.TIME_BYTES),
                in.readText(),
                RecordCodec.readSystem(in),
                RecordCodec.readTexts(in),
                sealed ? RecordCodec.readSeal(in) : null);
        return stage == Stage.HERE ? record : record.at(stage, in.readText());
    }
}
