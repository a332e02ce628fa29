package io.forebay.protocol.http.netty.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Strings for bytes that come again and again, such as header names, host and user agent: a fixed table for one
/// event loop, where the last writer of a place wins.
///
/// A text earns its place when it is seen a second time, so that values that never repeat (dates, signatures) cost
/// one string each and nothing more.
final class TextCache {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PLACES = 512;
    private static final int MAX_BYTES = 256;

    /// How many readable bytes must follow the last byte of a text in the array given to `text`.
    static final int SLACK = 8;

    private final @Nullable Entry[] entries = new @Nullable Entry[PLACES];
    private final long[] seen = new long[PLACES];

    /// The Latin-1 text of `bytes[from, to)`.
    String text(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return "";
        }
        if (length > MAX_BYTES) {
            return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        }
        long hash = hash(bytes, from, length);
        int place = (int) (hash >>> 55);
        Entry entry = entries[place];
        if (entry != null && Arrays.equals(entry.bytes, 0, entry.bytes.length, bytes, from, to)) {
            return entry.text;
        }
        String text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        if (seen[place] == hash) {
            entries[place] = new Entry(Arrays.copyOfRange(bytes, from, to), text);
        }
        seen[place] = hash;
        return text;
    }

    /// Samples the first, middle and last eight bytes: enough to spread, whatever the length.
    private static long hash(byte[] bytes, int from, int length) {
        long first = (long) LONG.get(bytes, from);
        if (length < 8) {
            first &= (1L << (8 * length)) - 1;
            return (first + length) * 0x9E3779B97F4A7C15L;
        }
        long middle = (long) LONG.get(bytes, from + (length - 8) / 2);
        long last = (long) LONG.get(bytes, from + length - 8);
        long mixed = (first * 0x9E3779B97F4A7C15L) ^ Long.rotateLeft(middle * 0xC2B2AE3D27D4EB4FL, 29);
        return (mixed ^ Long.rotateRight(last, 17) ^ length) * 0x9E3779B97F4A7C15L;
    }

    /// A text and the bytes that it stands for.
    private static final class Entry {
        private final byte[] bytes;
        private final String text;

        Entry(byte[] bytes, String text) {
            this.bytes = bytes;
            this.text = text;
        }
    }
}
