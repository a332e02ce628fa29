package io.forebay.storage.volume;

import io.forebay.common.model.Durability;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The frame of a log record, and the header of a segment file (`docs/storage-format.md`).
///
/// A record is a header of 48 bytes, object data, operations, and zeros up to a multiple of 8. The body's checksum
/// is computed by the writer, in parallel with others; the header's by the committer, which alone knows place and
/// sequence.
public final class LogFrame {
    /// The bytes of a record's header; object data follow them.
    public static final int HEADER_BYTES = 48;

    /// Where the first record of a segment is.
    static final int SEGMENT_HEADER_BYTES = 4096;

    static final int ALIGNMENT = 8;
    static final int PAGE_BYTES = 4096;

    static final int KIND_OPERATIONS = 1;
    static final int KIND_SEAL = 2;

    /// Flag: the record was written with durability NONE.
    private static final int NOT_SYNCED = 1 << 16;

    private static final int RECORD_MAGIC = 0x4642_4C52; // FBLR
    private static final long SEGMENT_MAGIC = 0x4642_5345_474D_3031L; // FBSEGM01
    private static final int SEGMENT_FORMAT = 1;
    private static final int MAX_NOT_DURABLE = Integer.MAX_VALUE;

    private static final int HEADER_CRC_AT = 4;
    private static final int LENGTH_AT = 8;
    private static final int KIND_AT = 12;
    private static final int SEQUENCE_AT = 16;
    private static final int SEGMENT_AT = 24;
    private static final int OPERATIONS_AT = 32;
    private static final int DATA_AT = 36;
    private static final int BODY_CRC_AT = 40;
    private static final int NOT_DURABLE_AT = 44;

    private LogFrame() {}

    /// The bytes that a record takes, padding included.
    static int padded(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /// Writes what the writer knows of a record into the first bytes of a buffer.
    static void beginHeader(
            ByteBuffer buffer, int kind, Durability durability, int dataBytes, int operationsBytes, int bodyCrc) {
        buffer.putInt(0, RECORD_MAGIC);
        buffer.putInt(LENGTH_AT, HEADER_BYTES + dataBytes + operationsBytes);
        buffer.putInt(KIND_AT, kind << 24 | (durability == Durability.NONE ? NOT_SYNCED : 0));
        buffer.putInt(OPERATIONS_AT, operationsBytes);
        buffer.putInt(DATA_AT, dataBytes);
        buffer.putInt(BODY_CRC_AT, bodyCrc);
    }

    /// Completes a header with the record's place.
    ///
    /// @param durable the sequence number up to which (without it) all records were durable
    static void endHeader(ByteBuffer buffer, long segment, long sequence, long durable) {
        long notDurable = Math.clamp(sequence - durable, 0, MAX_NOT_DURABLE);
        buffer.putInt(NOT_DURABLE_AT, (int) notDurable);
        buffer.putLong(SEQUENCE_AT, sequence);
        buffer.putLong(SEGMENT_AT, segment);
        buffer.putInt(HEADER_CRC_AT, headerCrc(buffer));
    }

    /// A decoded header whose checksum held.
    ///
    /// @param durableBefore records with lower sequence numbers were durable when this one was written; 0 for
    ///     unknown
    record Header(
            int length,
            int kind,
            Durability durability,
            long sequence,
            int operationsBytes,
            int dataBytes,
            int bodyCrc,
            long durableBefore) {}

    /// Whether a header may begin at that place: a cheap look before `readHeader`.
    static boolean mayBeHeader(ByteBuffer buffer, int at) {
        return buffer.getInt(at) == RECORD_MAGIC;
    }

    /// The header in a buffer's first bytes; null when there is none of this segment.
    static @Nullable Header readHeader(ByteBuffer buffer, long segment) {
        if (buffer.getInt(0) != RECORD_MAGIC
                || buffer.getLong(SEGMENT_AT) != segment
                || buffer.getInt(HEADER_CRC_AT) != headerCrc(buffer)) {
            return null;
        }
        int kind = buffer.getInt(KIND_AT);
        long sequence = buffer.getLong(SEQUENCE_AT);
        int notDurable = buffer.getInt(NOT_DURABLE_AT);
        Header header = new Header(
                buffer.getInt(LENGTH_AT),
                kind >>> 24,
                (kind & NOT_SYNCED) != 0 ? Durability.NONE : Durability.GROUP,
                sequence,
                buffer.getInt(OPERATIONS_AT),
                buffer.getInt(DATA_AT),
                buffer.getInt(BODY_CRC_AT),
                notDurable == MAX_NOT_DURABLE ? 0 : sequence - notDurable);
        long length = (long) HEADER_BYTES + header.operationsBytes + header.dataBytes;
        boolean sound = header.operationsBytes >= 0 && header.dataBytes >= 0 && length == header.length;
        return sound ? header : null;
    }

    static ByteBuffer segmentHeader(UUID volume, long segment) {
        ByteBuffer header = ByteBuffer.allocateDirect(SEGMENT_HEADER_BYTES);
        header.putLong(SEGMENT_MAGIC).putInt(SEGMENT_FORMAT).putInt(0);
        header.putLong(volume.getMostSignificantBits()).putLong(volume.getLeastSignificantBits());
        header.putLong(segment);
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().flip());
        header.putInt((int) crc.getValue());
        return header.clear();
    }

    /// Whether a segment file's first bytes are the header of that segment on that volume.
    static boolean isSegmentHeader(ByteBuffer bytes, UUID volume, long segment) {
        return bytes.mismatch(segmentHeader(volume, segment)) < 0;
    }

    /// The checksum over the bytes behind a header.
    static int bodyCrc(ByteBuffer buffer, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(HEADER_BYTES, bytes));
        return (int) crc.getValue();
    }

    private static int headerCrc(ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(LENGTH_AT, HEADER_BYTES - LENGTH_AT));
        return (int) crc.getValue();
    }
}
