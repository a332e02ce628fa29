package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.Refusal;
import net.jpountz.xxhash.XXHashFactory;

/// What the head of an LZ4 frame says.
///
/// @param isIndependent whether each block can be unpacked by itself
/// @param hasBlockChecksums whether a checksum follows each block
/// @param hasChecksum whether one follows the last
/// @param maxBlockBytes how large an unpacked block may be
record Lz4Frame(boolean isIndependent, boolean hasBlockChecksums, boolean hasChecksum, int maxBlockBytes) {
    static final int MAGIC = 0x184D2204;
    static final int SKIPPABLE = 0x184D2A50;
    static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    static final int SHORT_BYTES = 3;

    private static final int SIZE_BYTES = 8;
    private static final int DICTIONARY_BYTES = 4;

    /// How many bytes are behind the magic, by the first of them.
    static int bytes(int flags) {
        return SHORT_BYTES + ((flags & 8) != 0 ? SIZE_BYTES : 0) + ((flags & 1) != 0 ? DICTIONARY_BYTES : 0);
    }

    /// Of the bytes behind the magic. Throws INVALID_ARGUMENT and UNSUPPORTED.
    static Lz4Frame of(byte[] bytes, int length) {
        int flags = bytes[0] & 0xFF;
        int blocks = bytes[1] & 0xFF;
        int hash = XXHashFactory.safeInstance().hash32().hash(bytes, 0, length - 1, 0);
        int code = (blocks >>> 4) & 7;
        if (((hash >>> 8) & 0xFF) != (bytes[length - 1] & 0xFF)) {
            throw Refusal.malformed("the head of an LZ4 frame does not have its checksum");
        }
        if (flags >>> 6 != 1 || (flags & 2) != 0 || (blocks & 0x8F) != 0 || code < 4) {
            throw Refusal.unsupported("the head of an LZ4 frame has a version or flags that are not known");
        }
        if ((flags & 1) != 0) {
            throw Refusal.unsupported("the LZ4 stream wants a dictionary");
        }
        return new Lz4Frame((flags & 32) != 0, (flags & 16) != 0, (flags & 4) != 0, 1 << (8 + 2 * code));
    }
}
