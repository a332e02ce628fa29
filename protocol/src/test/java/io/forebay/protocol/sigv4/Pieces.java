package io.forebay.protocol.sigv4;

import io.forebay.protocol.http.Body;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A body that arrives in pieces of a fixed size, each in the same buffer, as an engine lends it.
final class Pieces implements Body {
    private final byte[] bytes;
    private final ByteBuffer lent;
    private int position;

    private Pieces(byte[] bytes, int pieceBytes) {
        this.bytes = bytes;
        this.lent = ByteBuffer.allocateDirect(pieceBytes);
    }

    static Pieces of(String latin1, int pieceBytes) {
        return new Pieces(latin1.getBytes(StandardCharsets.ISO_8859_1), pieceBytes);
    }

    static byte[] readAll(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer next = body.next(); next != null; next = body.next()) {
            byte[] piece = new byte[next.remaining()];
            next.get(piece);
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (position == bytes.length) {
            return null;
        }
        int count = Math.min(lent.capacity(), bytes.length - position);
        lent.clear().put(bytes, position, count).flip();
        position += count;
        return lent;
    }

    @Override
    public void close() {
        position = bytes.length;
    }
}
