package io.forebay.storage.metadata;

import io.forebay.common.io.XxHash64;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Where an object's bytes are: runs of segments and files, in the object's order.
///
/// A view of their encoded form, since an object of many parts has thousands: what a read does not touch is never
/// decoded, and one extent is found by binary search. Throws CORRUPT where a number makes no sense.
public final class Extents {
    /*
     * An extent takes 24 bytes: where it ends in the object, its marked id, where it begins in its segment or file.
     */
    static final int EXTENT_BYTES = 24;

    /// Marks the id of a segment; without it an id is a large file's.
    private static final long SEGMENT = 1L << 63;

    /// The id of an extent that lies in the data of the record that carries it: known when that is applied.
    private static final long OWN = SEGMENT;

    private static final int ID_AT = 8;
    private static final int OFFSET_AT = 16;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int at;
    private final int count;

    private Extents(byte[] bytes, int at, int count) {
        this.bytes = bytes;
        this.at = at;
        this.count = count;
    }

    /// Those that lie encoded in an array, which stays as it is.
    static Extents of(byte[] bytes, int at, int count) {
        if (count < 0 || bytes.length - at < (long) count * EXTENT_BYTES) {
            throw ByteReader.corrupt();
        }
        return new Extents(bytes, at, count);
    }

    /// One large file from its beginning.
    public static Extents ofFile(long id, long length) {
        return new Builder(1).add(id, 0, length).build();
    }

    /// A run inside a segment.
    public static Extents ofSegment(long id, long offset, long length) {
        return new Builder(1).add(id | SEGMENT, offset, length).build();
    }

    public int count() {
        return count;
    }

    /// The bytes of all extents.
    public long length() {
        return count == 0 ? 0 : end(count - 1);
    }

    public long id(int index) {
        return markedId(index) & ~SEGMENT;
    }

    public boolean isSegment(int index) {
        return (markedId(index) & SEGMENT) != 0;
    }

    /// Whether the extent lies in the data of the record that carries it, its offset counting from there: so only
    /// before that record is applied.
    public boolean isOwn(int index) {
        return markedId(index) == OWN;
    }

    /// Where the extent begins in its segment or file.
    public long offset(int index) {
        long offset = (long) LONG.get(bytes, place(index) + OFFSET_AT);
        if (offset < 0) {
            throw ByteReader.corrupt();
        }
        return offset;
    }

    /// Where the extent begins in the object.
    public long start(int index) {
        return index == 0 ? 0 : end(index - 1);
    }

    /// Where the extent ends in the object.
    public long end(int index) {
        return (long) LONG.get(bytes, place(index));
    }

    public long length(int index) {
        long length = end(index) - start(index);
        if (length < 0) {
            throw ByteReader.corrupt();
        }
        return length;
    }

    /// A number that other extents do not have, as good as: of which bytes these are, and in which order.
    public long identity() {
        return XxHash64.hash(ByteBuffer.wrap(bytes, at, count * EXTENT_BYTES), 0);
    }

    /// The extent that has the object's byte at that offset; `count()` when there is none.
    public int find(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (end(middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Whether any of the extents is in that segment.
    public boolean touches(long segmentId) {
        for (int index = 0; index < count; index++) {
            if (markedId(index) == (segmentId | SEGMENT)) {
                return true;
            }
        }
        return false;
    }

    /// Whether any of the extents lies in the data of the record that carries it.
    boolean hasOwn() {
        return touches(0);
    }

    /// Turns extents in the record's own data into ones in that segment, whose data begins there: changes the bytes
    /// that this is a view of.
    void resolveOwn(long segmentId, long dataAt) {
        for (int index = 0; index < count; index++) {
            if (isOwn(index)) {
                int place = place(index);
                LONG.set(bytes, place + ID_AT, segmentId | SEGMENT);
                LONG.set(bytes, place + OFFSET_AT, offset(index) + dataAt);
            }
        }
    }

    void write(ByteWriter out) {
        out.putVarint(count).putBytes(bytes, at, count * EXTENT_BYTES);
    }

    private int place(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        return at + index * EXTENT_BYTES;
    }

    long markedId(int index) {
        return (long) LONG.get(bytes, place(index) + ID_AT);
    }

    /// Joins extents into longer lists, as parts become an object. Neighbours that follow each other on the disk
    /// become one; empty ones are left out.
    public static final class Builder {
        private byte[] bytes;
        private int count;
        private long length;
        private long lastId;
        private long lastEnd;

        public Builder() {
            this(8);
        }

        private Builder(int capacity) {
            bytes = new byte[capacity * EXTENT_BYTES];
        }

        /// Adds the extents of another object or part.
        public Builder add(Extents more) {
            for (int index = 0; index < more.count(); index++) {
                add(more.markedId(index), more.offset(index), more.length(index));
            }
            return this;
        }

        /// Adds what has the first bytes of another object, or all of it when that is less.
        public Builder addFront(Extents more, long bytes) {
            long left = bytes;
            for (int index = 0; index < more.count() && left > 0; index++) {
                long run = Math.min(left, more.length(index));
                add(more.markedId(index), more.offset(index), run);
                left -= run;
            }
            return this;
        }

        /// Adds a run of one of another object's extents.
        public Builder add(Extents of, int index, long from, long runLength) {
            return add(of.markedId(index), of.offset(index) + from, runLength);
        }

        /// Adds a run of the data of the record that carries these extents.
        public Builder addOwn(long offset, long runLength) {
            return add(OWN, offset, runLength);
        }

        public int count() {
            return count;
        }

        /// The bytes of all extents so far.
        public long length() {
            return length;
        }

        public Extents build() {
            return new Extents(Arrays.copyOf(bytes, count * EXTENT_BYTES), 0, count);
        }

        private Builder add(long markedId, long offset, long runLength) {
            if (runLength == 0) {
                return this;
            }
            boolean follows = count > 0 && markedId == lastId && offset == lastEnd;
            if (!follows) {
                if ((count + 1) * EXTENT_BYTES > bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * bytes.length);
                }
                LONG.set(bytes, count * EXTENT_BYTES + ID_AT, markedId);
                LONG.set(bytes, count * EXTENT_BYTES + OFFSET_AT, offset);
                count++;
            }
            length += runLength;
            LONG.set(bytes, (count - 1) * EXTENT_BYTES, length);
            lastId = markedId;
            lastEnd = offset + runLength;
            return this;
        }
    }
}
