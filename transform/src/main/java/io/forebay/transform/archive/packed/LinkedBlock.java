package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.Refusal;

/// Decodes blocks of LZ4 that refer to the bytes before them, which the LZ4 library does not.
final class LinkedBlock {
    private static final int MIN_MATCH = 4;
    private static final int MORE = 15;

    private LinkedBlock() {}

    /// Decodes a block into `target` from `targetAt` on, behind the bytes that it may refer to, and returns
    /// where it ends there. Throws INVALID_ARGUMENT when it is broken or does not fit.
    static int decode(byte[] packed, int length, byte[] target, int targetAt) {
        try {
            return decodeUnchecked(packed, length, target, targetAt);
        } catch (IndexOutOfBoundsException e) {
            throw Refusal.malformed("a block of the LZ4 stream is broken");
        }
    }

    private static int decodeUnchecked(byte[] packed, int length, byte[] target, int targetAt) {
        int in = 0;
        int out = targetAt;
        while (in < length) {
            int token = packed[in++] & 0xFF;
            int literals = token >>> 4;
            if (literals == MORE) {
                int value;
                do {
                    value = next(packed, in++, length);
                    literals = Math.addExact(literals, value);
                } while (value == 0xFF);
            }
            if (literals > length - in) {
                throw new IndexOutOfBoundsException();
            }
            System.arraycopy(packed, in, target, out, literals);
            in += literals;
            out += literals;
            if (in == length) {
                return out;
            }
            int distance = next(packed, in, length) | (next(packed, in + 1, length) << 8);
            in += 2;
            int match = token & MORE;
            if (match == MORE) {
                int value;
                do {
                    value = next(packed, in++, length);
                    match = Math.addExact(match, value);
                } while (value == 0xFF);
            }
            out = copy(target, out, distance, match + MIN_MATCH);
        }
        throw new IndexOutOfBoundsException();
    }

    private static int next(byte[] packed, int at, int length) {
        if (at >= length) {
            throw new IndexOutOfBoundsException();
        }
        return packed[at] & 0xFF;
    }

    /// Repeats bytes that are that far back; those that are copied may be repeated too.
    private static int copy(byte[] target, int at, int distance, int count) {
        if (distance == 0 || distance > at || count > target.length - at) {
            throw new IndexOutOfBoundsException();
        }
        if (distance >= count) {
            System.arraycopy(target, at - distance, target, at, count);
        } else {
            for (int index = at; index < at + count; index++) {
                target[index] = target[index - distance];
            }
        }
        return at + count;
    }
}
