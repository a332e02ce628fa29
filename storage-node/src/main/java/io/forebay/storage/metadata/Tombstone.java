package io.forebay.storage.metadata;

/// What is remembered of a removed key while other nodes may hold older values of it.
///
/// @param stamp of the removal
/// @param removedMillis in milliseconds since the epoch
public record Tombstone(Stamp stamp, long removedMillis) {
    /// The value for the index and the log.
    public byte[] encode() {
        ByteWriter out = new ByteWriter(Location.BYTES + 16);
        Location.begin(out, 0);
        out.putVarint(stamp.epoch()).putVarint(stamp.version());
        return out.putFixed(removedMillis, RecordCodec.TIME_BYTES).toBytes();
    }

    /// Throws CORRUPT when the value cannot be decoded.
    public static Tombstone of(byte[] value) {
        if (Location.flags(value) != 0) {
            throw ByteReader.corrupt();
        }
        ByteReader in = new ByteReader(value, Location.BYTES);
        return new Tombstone(new Stamp(in.readVarint(), in.readVarint()), in.readFixed(RecordCodec.TIME_BYTES));
    }
}
