package io.forebay.protocol.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Reads a bounded source into memory: for messages, never for object bytes.
public final class BodyBytes {
    private BodyBytes() {}

    /// All bytes of the source, which stays open. Throws TOO_LARGE when there are more than `maxBytes`.
    public static byte[] readAll(ByteSource source, int maxBytes) {
        if (source.length() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(source.length() > 0 ? (int) source.length() : 256);
        byte[] chunk = new byte[0];
        for (ByteBuffer bytes = source.next(); bytes != null; bytes = source.next()) {
            int count = bytes.remaining();
            if (out.size() + (long) count > maxBytes) {
                throw tooLarge(maxBytes);
            }
            if (chunk.length < count) {
                chunk = new byte[count];
            }
            bytes.get(chunk, 0, count);
            out.write(chunk, 0, count);
        }
        return out.toByteArray();
    }

    private static StoreException tooLarge(int maxBytes) {
        return new StoreException(ErrorCode.TOO_LARGE, "message body is larger than " + maxBytes + " bytes");
    }
}
