package io.forebay.storage.metadata;

import java.util.Arrays;

/// Where an object's bytes are: runs of segments and files, in the object's order.
///
/// Kept as numbers in arrays, since an object of many parts has thousands.
public final class Extents {
    /// Marks the id of a segment; without it an id is a large file's.
    private static final long SEGMENT = 1L << 63;

    private final long[] ends;
    private final long[] ids;
    private final long[] offsets;

    private Extents(long[] ends, long[] ids, long[] offsets) {
        this.ends = ends;
        this.ids = ids;
        this.offsets = offsets;
    }

    static Extents of(long[] ends, long[] ids, long[] offsets) {
        return new Extents(ends, ids, offsets);
    }

    /// One large file from its beginning.
    public static Extents ofFile(long id, long length) {
        return new Extents(new long[] {length}, new long[] {id}, new long[] {0});
    }

    /// A run inside a segment.
    public static Extents ofSegment(long id, long offset, long length) {
        return new Extents(new long[] {length}, new long[] {id | SEGMENT}, new long[] {offset});
    }

    public int count() {
        return ends.length;
    }

    /// The bytes of all extents.
    public long length() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    public long id(int index) {
        return ids[index] & ~SEGMENT;
    }

    public boolean isSegment(int index) {
        return (ids[index] & SEGMENT) != 0;
    }

    /// Where the extent begins in its segment or file.
    public long offset(int index) {
        return offsets[index];
    }

    /// Where the extent begins in the object.
    public long start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    /// Where the extent ends in the object.
    public long end(int index) {
        return ends[index];
    }

    public long length(int index) {
        return ends[index] - start(index);
    }

    /// The extent that has the object's byte at that offset; `count()` when there is none.
    public int find(long offset) {
        int found = Arrays.binarySearch(ends, offset);
        int index = found >= 0 ? found + 1 : -found - 1;
        while (index < ends.length && length(index) == 0) {
            index++;
        }
        return index;
    }

    long markedId(int index) {
        return ids[index];
    }

    /// Joins extents into longer ones, as parts become an object.
    public static final class Builder {
        private long[] ends = new long[8];
        private long[] ids = new long[8];
        private long[] offsets = new long[8];
        private int count;
        private long length;

        /// Adds the extents of another object or part; empty ones are left out.
        public Builder add(Extents more) {
            for (int index = 0; index < more.count(); index++) {
                long bytes = more.length(index);
                if (bytes > 0) {
                    add(more.markedId(index), more.offset(index), bytes);
                }
            }
            return this;
        }

        public int count() {
            return count;
        }

        /// The bytes of all extents so far.
        public long length() {
            return length;
        }

        public Extents build() {
            return new Extents(Arrays.copyOf(ends, count), Arrays.copyOf(ids, count), Arrays.copyOf(offsets, count));
        }

        private void add(long markedId, long offset, long bytes) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, count * 2);
                ids = Arrays.copyOf(ids, count * 2);
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            length += bytes;
            ends[count] = length;
            ids[count] = markedId;
            offsets[count++] = offset;
        }
    }
}
