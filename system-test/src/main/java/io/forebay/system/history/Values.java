package io.forebay.system.history;

import io.forebay.common.error.Check;
import io.forebay.common.io.XxHash64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The values that clients write: each is written by one operation only, and its bytes say which it is. Safe
/// to share between threads.
final class Values {
    static final int MIN_BYTES = Long.BYTES;

    private final long salt;
    private final AtomicInteger last = new AtomicInteger();
    private final ConcurrentHashMap<Integer, Value> values = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Value> byTag = new ConcurrentHashMap<>();

    /// What an operation wrote.
    ///
    /// @param tag the entity tag that an object of this value has
    record Value(int number, int size, String tag) {}

    /// @param salt makes the bytes differ from those of other runs
    Values(long salt) {
        this.salt = salt;
    }

    /// A new value of so many bytes, at least `MIN_BYTES`, for an object that is written through that face.
    Value next(int size, Face face) {
        Check.argument(size >= MIN_BYTES, "a value has at least %s bytes", MIN_BYTES);
        int number = last.incrementAndGet();
        Value value = new Value(number, size, tag(bytes(number, size), face));
        values.put(number, value);
        byTag.put(value.tag(), value);
        return value;
    }

    Value value(int number) {
        Value value = values.get(number);
        if (value == null) {
            throw new IllegalStateException("there is no value " + number);
        }
        return value;
    }

    byte[] bytes(Value value) {
        return bytes(value.number(), value.size());
    }

    /// Which value these bytes are, every one of them; null when they are none.
    @Nullable
    Value find(byte[] bytes) {
        if (bytes.length < MIN_BYTES) {
            return null;
        }
        Value value = values.get(
                (int) (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() ^ salt));
        boolean whole = value != null
                && value.size() == bytes.length
                && Arrays.equals(bytes(value.number(), bytes.length), bytes);
        return whole ? value : null;
    }

    /// Which value has this entity tag, or null.
    @Nullable
    Value findTag(String tag) {
        return byTag.get(tag);
    }

    /// The number and then words that depend on it and on their place.
    private byte[] bytes(int number, int size) {
        ByteBuffer buffer = ByteBuffer.allocate((size + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(number ^ salt);
        long state = number * 0x9E3779B97F4A7C15L ^ salt;
        while (buffer.hasRemaining()) {
            state += 0x9E3779B97F4A7C15L;
            long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
            buffer.putLong(mixed ^ mixed >>> 31);
        }
        return Arrays.copyOf(buffer.array(), size);
    }

    /// S3's are the MD5 of the bytes; an object written by AIStore's API has its checksum, marked as such.
    private static String tag(byte[] bytes, Face face) {
        return switch (face) {
            case S3 -> md5(bytes);
            case AIS -> HexFormat.of().toHexDigits(XxHash64.hash(bytes, 0)) + "-x";
        };
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
