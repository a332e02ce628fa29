package io.forebay.storage.metadata;

import java.util.Arrays;

/// Changes of an index that become visible together.
///
/// Built as the bytes of RocksDB's own batch format, so that a batch costs one call into it however many changes it
/// has. For one thread at a time.
public final class IndexBatch {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;
    private static final int REMOVE = 0x4;
    private static final int PUT = 0x5;

    private final int[] familyIds;
    private byte[] bytes = new byte[16 << 10];
    private int length = HEADER_BYTES;
    private int count;

    IndexBatch(int[] familyIds) {
        this.familyIds = familyIds;
    }

    public void put(Family family, byte[] key, byte[] value) {
        begin(PUT, family, key.length + value.length);
        putBytes(key);
        putBytes(value);
    }

    public void remove(Family family, byte[] key) {
        begin(REMOVE, family, key.length);
        putBytes(key);
    }

    public int count() {
        return count;
    }

    /// The bytes that the batch takes, about.
    public int length() {
        return length;
    }

    /// Empties the batch, which can then be used again.
    public void clear() {
        length = HEADER_BYTES;
        count = 0;
    }

    byte[] toBytes() {
        byte[] result = Arrays.copyOf(bytes, length);
        for (int index = 0; index < 4; index++) {
            result[COUNT_AT + index] = (byte) (count >>> (8 * index));
        }
        return result;
    }

    private void begin(int kind, Family family, int more) {
        int needed = length + more + 16;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        count++;
        bytes[length++] = (byte) kind;
        putVarint(familyIds[family.code()]);
    }

    private void putBytes(byte[] source) {
        putVarint(source.length);
        System.arraycopy(source, 0, bytes, length, source.length);
        length += source.length;
    }

    private void putVarint(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }
}
