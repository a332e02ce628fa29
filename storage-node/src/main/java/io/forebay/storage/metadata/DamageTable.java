package io.forebay.storage.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the index remembers of damaged objects, and of the scrub's position.
///
/// In the family VOLUME beside the space books; nothing of it is in the log, so that an index made anew knows of no
/// damage until the bytes are read again.
public final class DamageTable {
    private static final int SCRUB = 32;
    private static final int DAMAGE = 33;
    private static final int END = 34;
    private static final int FORMAT = 1;
    private static final byte[] SCRUB_KEY = {SCRUB};

    private DamageTable() {}

    /// A run of bytes of a segment or large file.
    public record Run(boolean segment, long id, long offset, long length) {
        /// Whether the extent of that index has any byte of it.
        public boolean overlaps(Extents extents, int index) {
            return extents.id(index) == id
                    && extents.isSegment(index) == segment
                    && extents.offset(index) < offset + length
                    && offset < extents.offset(index) + extents.length(index);
        }
    }

    /// An object or part with bytes that must not be served.
    ///
    /// @param key of its index entry
    /// @param foundMillis when that was found, in milliseconds since the epoch
    /// @param reason what was found
    /// @param runs the bytes
    @SuppressWarnings("ArrayRecordComponent") // An encoded key, which nobody compares by this record.
    public record Entry(Family family, byte[] key, long foundMillis, String reason, List<Run> runs) {}

    /// How far a scrub has come.
    ///
    /// @param phase a code of the scrub's
    /// @param startedMillis when the pass began, or the volume was first opened
    /// @param finishedMillis when the last full pass ended; 0 for never
    /// @param verifiedBytes in this pass
    /// @param segment the segment whose turn it is
    /// @param key the index key whose turn it is
    @SuppressWarnings("ArrayRecordComponent") // An encoded key, which nobody compares by this record.
    public record ScrubState(
            int phase, long startedMillis, long finishedMillis, long verifiedBytes, long segment, byte[] key) {}

    public static List<Entry> read(Index index) {
        List<Entry> entries = new ArrayList<>();
        try (IndexCursor cursor = index.cursor(Family.VOLUME, new byte[] {END})) {
            for (cursor.seek(new byte[] {DAMAGE}); cursor.isValid(); cursor.next()) {
                entries.add(entry(cursor.key(), cursor.value()));
            }
        }
        return entries;
    }

    public static void put(IndexBatch batch, Entry entry) {
        ByteWriter out = new ByteWriter(128);
        out.putByte(FORMAT).putFixed(entry.foundMillis, RecordCodec.TIME_BYTES).putText(entry.reason);
        out.putVarint(entry.runs.size());
        for (Run run : entry.runs) {
            out.putByte(run.segment ? 1 : 0);
            out.putFixed(run.id, 8).putFixed(run.offset, 8).putFixed(run.length, 8);
        }
        batch.put(Family.VOLUME, key(entry.family, entry.key), out.toBytes());
    }

    public static void remove(IndexBatch batch, Family family, byte[] key) {
        batch.remove(Family.VOLUME, key(family, key));
    }

    /// The state that was remembered, or null.
    public static @Nullable ScrubState readScrub(Index index) {
        byte[] value = index.find(Family.VOLUME, SCRUB_KEY);
        if (value == null) {
            return null;
        }
        ByteReader in = new ByteReader(value, 0);
        checkFormat(in);
        return new ScrubState(
                in.readByte(),
                in.readFixed(RecordCodec.TIME_BYTES),
                in.readFixed(RecordCodec.TIME_BYTES),
                in.readFixed(8),
                in.readFixed(8),
                in.readBytes(in.readCount()));
    }

    public static void putScrub(IndexBatch batch, ScrubState state) {
        ByteWriter out = new ByteWriter(64 + state.key.length);
        out.putByte(FORMAT).putByte(state.phase);
        out.putFixed(state.startedMillis, RecordCodec.TIME_BYTES);
        out.putFixed(state.finishedMillis, RecordCodec.TIME_BYTES);
        out.putFixed(state.verifiedBytes, 8).putFixed(state.segment, 8);
        out.putVarint(state.key.length).putBytes(state.key);
        batch.put(Family.VOLUME, SCRUB_KEY, out.toBytes());
    }

    private static Entry entry(byte[] key, byte[] value) {
        if (key.length < 2) {
            throw ByteReader.corrupt();
        }
        ByteReader in = new ByteReader(value, 0);
        checkFormat(in);
        long found = in.readFixed(RecordCodec.TIME_BYTES);
        String reason = in.readText();
        int count = in.readCount();
        List<Run> runs = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            runs.add(new Run(in.readByte() == 1, in.readFixed(8), in.readFixed(8), in.readFixed(8)));
        }
        return new Entry(Family.ofCode(key[1]), Arrays.copyOfRange(key, 2, key.length), found, reason, runs);
    }

    private static void checkFormat(ByteReader in) {
        if (in.readByte() != FORMAT) {
            throw ByteReader.corrupt();
        }
    }

    private static byte[] key(Family family, byte[] key) {
        return new ByteWriter(2 + key.length)
                .putByte(DAMAGE)
                .putByte(family.code())
                .putBytes(key)
                .toBytes();
    }
}
