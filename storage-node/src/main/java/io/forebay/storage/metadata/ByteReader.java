package io.forebay.storage.metadata;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;

/// Reads what `ByteWriter` wrote. Every malformed value ends in CORRUPT, never in another exception.
public final class ByteReader {
    private final byte[] bytes;
    private int at;

    public ByteReader(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    public int position() {
        return at;
    }

    public int readByte() {
        require(1);
        return bytes[at++] & 0xFF;
    }

    public long readFixed(int width) {
        require(width);
        long value = 0;
        for (int index = 0; index < width; index++) {
            value = value << 8 | (bytes[at++] & 0xFF);
        }
        return value;
    }

    public long readVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupt();
    }

    /// A varint that counts things of at least one byte each, so that a corrupt one cannot make a huge array.
    public int readCount() {
        long count = readVarint();
        if (count < 0 || count > bytes.length - at) {
            throw corrupt();
        }
        return (int) count;
    }

    public byte[] readBytes(int count) {
        require(count);
        byte[] result = new byte[count];
        System.arraycopy(bytes, at, result, 0, count);
        at += count;
        return result;
    }

    public String readText() {
        return readText(readCount());
    }

    public String readText(int count) {
        require(count);
        String text = new String(bytes, at, count, StandardCharsets.UTF_8);
        at += count;
        return text;
    }

    public void skip(int count) {
        require(count);
        at += count;
    }

    public void skipText() {
        skip(readCount());
    }

    public static StoreException corrupt() {
        return new StoreException(ErrorCode.CORRUPT, "an index entry cannot be decoded");
    }

    private void require(int count) {
        if (count < 0 || bytes.length - at < count) {
            throw corrupt();
        }
    }
}
