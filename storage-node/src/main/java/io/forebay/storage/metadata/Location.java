package io.forebay.storage.metadata;

import java.nio.ByteBuffer;

/// The first bytes of every value that the log carries: format, flags, and where the value's own log record is.
/// Values of formats 1 and 2 are read like those of format 3: they lack some flags of object records. Format 4 has
/// another byte of flags behind these bytes, and is written where one of those is needed.
///
/// The record's place is not known while the value is encoded: in the log it is zero, and whoever applies the
/// record to the index fills it in, at commit as in replay.
public final class Location {
    /// The format of values without further flags.
    static final int FORMAT = 3;

    /// The format of values with further flags.
    static final int FLAGGED_FORMAT = 4;

    private static final int OLDEST_FORMAT = 1;

    static final int BYTES = 16;

    /// Where object data begins in a log record: behind the record's header.
    public static final int INLINE_DATA_AT = 48;

    private static final int SEGMENT_AT = 2;
    private static final int OFFSET_AT = 8;
    private static final int OVERHEAD_AT = 12;

    private Location() {}

    static void begin(ByteWriter out, int flags) {
        out.putByte(FORMAT).putByte(flags).putFixed(0, BYTES - 2);
    }

    /// Begins a value that has further flags if there are any.
    static void begin(ByteWriter out, int flags, int furtherFlags) {
        if (furtherFlags == 0) {
            begin(out, flags);
        } else {
            out.putByte(FLAGGED_FORMAT).putByte(flags).putFixed(0, BYTES - 2).putByte(furtherFlags);
        }
    }

    /// Fills in the place of the record that carries the value.
    ///
    /// @param overhead the bytes of the record, padding included, apart from object data
    public static void fill(byte[] value, long segment, int offset, int overhead) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        buffer.putShort(SEGMENT_AT, (short) (segment >>> 32)).putInt(SEGMENT_AT + 2, (int) segment);
        buffer.putInt(OFFSET_AT, offset).putInt(OVERHEAD_AT, overhead);
    }

    /// The value as the log has it: a copy without the place of a record.
    public static byte[] cleared(byte[] value) {
        byte[] copy = value.clone();
        fill(copy, 0, 0, 0);
        return copy;
    }

    /// The segment of the value's log record.
    public static long segment(byte[] value) {
        return new ByteReader(value, SEGMENT_AT).readFixed(6);
    }

    /// The offset of the log record in its segment.
    public static int offset(byte[] value) {
        return (int) new ByteReader(value, OFFSET_AT).readFixed(4);
    }

    /// The bytes that the log record takes in its segment apart from object data.
    public static int overhead(byte[] value) {
        return (int) new ByteReader(value, OVERHEAD_AT).readFixed(4);
    }

    static int flags(byte[] value) {
        if (value.length < BYTES || value[0] < OLDEST_FORMAT || value[0] > FLAGGED_FORMAT) {
            throw ByteReader.corrupt();
        }
        return value[1] & 0xFF;
    }

    /// The further flags of a value whose format was checked, which the reader stands before if it has any.
    static int furtherFlags(byte[] value, ByteReader in) {
        return value[0] == FLAGGED_FORMAT ? in.readByte() : 0;
    }
}
