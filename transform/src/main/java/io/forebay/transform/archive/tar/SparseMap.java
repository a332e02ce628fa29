package io.forebay.transform.archive.tar;

import io.forebay.transform.archive.model.Refusal;
import java.util.Arrays;

/// Which bytes of a sparse file are stored: pieces in ascending order that do not overlap. The rest are
/// zeros.
public final class SparseMap {
    private final long[] pairs;
    private final int count;

    private SparseMap(long[] pairs, int count) {
        this.pairs = pairs;
        this.count = count;
    }

    /// How many pieces there are.
    public int count() {
        return count;
    }

    /// Where a piece begins in the file.
    public long offset(int piece) {
        return pairs[2 * piece];
    }

    /// How many bytes it has.
    public long length(int piece) {
        return pairs[2 * piece + 1];
    }

    /// Numbers of a map that are being gathered, in the order offset, length, offset, length.
    static final class Numbers {
        private long[] numbers = new long[16];
        private int count;

        void add(long number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = number;
        }

        int count() {
            return count;
        }

        /// The map. Throws INVALID_ARGUMENT when it does not fit the file's size and what is stored.
        SparseMap toMap(long size, long storedBytes) {
            if (count % 2 != 0) {
                throw Refusal.malformed("the map of a sparse file has an offset without a length");
            }
            long end = 0;
            long stored = 0;
            for (int index = 0; index < count; index += 2) {
                long offset = numbers[index];
                long length = numbers[index + 1];
                if (offset < end || length < 0 || length > size - offset) {
                    throw Refusal.malformed(
                            "the map of a sparse file of %s bytes has a piece of %s at %s", size, length, offset);
                }
                end = offset + length;
                stored += length;
            }
            if (stored != storedBytes) {
                throw Refusal.malformed(
                        "the map of a sparse file has %s bytes, and %s are stored", stored, storedBytes);
            }
            return new SparseMap(Arrays.copyOf(numbers, count), count / 2);
        }
    }
}
