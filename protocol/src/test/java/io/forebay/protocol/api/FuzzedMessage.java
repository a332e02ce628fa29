package io.forebay.protocol.api;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What holds of every message, whatever is in it: it is refused as its sender's fault, with words, or taken, and
/// then says the same when it was written and is read again.
public final class FuzzedMessage {
    private FuzzedMessage() {}

    /// What the reader gives; null when it refuses as it may.
    public static <T> @Nullable T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (StoreException e) {
            if (e.code().fault() != Fault.CALLER || e.text().isBlank()) {
                throw new AssertionError("refused by " + e.code(), e);
            }
            return null;
        }
    }

    /// As the other, of what only nodes write: what is no message of theirs is INTERNAL.
    static <T> @Nullable T readOfNode(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.INTERNAL || e.text().isBlank()) {
                throw new AssertionError("refused by " + e.code(), e);
            }
            return null;
        }
    }

    /// A JSON message of that type, which says the same when it was written and is read again; null when it is
    /// refused.
    public static <T> @Nullable T readJson(byte[] json, Class<T> type) {
        T message = read(() -> WireJson.read(json, type));
        if (message != null) {
            byte[] written = WireJson.write(message);
            byte[] again = WireJson.write(required(() -> WireJson.read(written, type)));
            if (!Arrays.equals(written, again)) {
                throw new AssertionError(text(written) + ", and then " + text(again));
            }
        }
        return message;
    }

    /// What the reader gives of what was written by us.
    public static <T> T required(Supplier<T> reader) {
        T value = read(reader);
        if (value == null) {
            throw new AssertionError("what was written is refused");
        }
        return value;
    }

    /// Both must be equal.
    public static void same(@Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            throw new AssertionError(before + ", and then " + after);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
