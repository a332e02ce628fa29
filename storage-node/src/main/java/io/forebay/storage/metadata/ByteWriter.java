package io.forebay.storage.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds an encoded value: big-endian numbers, variable-length numbers and texts with their length in front.
public final class ByteWriter {
    private byte[] bytes;
    private int count;

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public ByteWriter putByte(int value) {
        ensure(1);
        bytes[count++] = (byte) value;
        return this;
    }

    /// The low `width` bytes of a number, the highest first.
    public ByteWriter putFixed(long value, int width) {
        ensure(width);
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            bytes[count++] = (byte) (value >>> shift);
        }
        return this;
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    public ByteWriter putVarint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[count++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[count++] = (byte) rest;
        return this;
    }

    public ByteWriter putBytes(byte[] source) {
        return putBytes(source, 0, source.length);
    }

    public ByteWriter putBytes(byte[] source, int from, int length) {
        ensure(length);
        System.arraycopy(source, from, bytes, count, length);
        count += length;
        return this;
    }

    public ByteWriter putText(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return putVarint(encoded.length).putBytes(encoded);
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, count);
    }

    private void ensure(int more) {
        if (bytes.length - count < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, count + more));
        }
    }
}
