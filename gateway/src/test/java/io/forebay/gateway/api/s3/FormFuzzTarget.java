package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Forms that upload an object: a line with the content type, then the body. However the bytes arrive, the same
/// fields and the same file come out of them.
public final class FormFuzzTarget {
    private static final int MAX_FIELD_BYTES = 2000;
    private static final long MAX_FILE_BYTES = 1000;
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private FormFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        String type = new String(input, 0, end, StandardCharsets.ISO_8859_1);
        byte[] body = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
        String whole = read(type, body, Math.max(1, body.length));
        String pieces = read(type, body, 1);
        if (!whole.equals(pieces)) {
            throw new AssertionError("at once: " + whole + "\nbyte by byte: " + pieces);
        }
    }

    /// What comes of a form, in words.
    private static String read(String type, byte[] bytes, int pieceBytes) {
        InPieces body = new InPieces(bytes, pieceBytes);
        try {
            PostForm form = PostForm.read(body, type, MAX_FIELD_BYTES);
            String key = form.key();
            form.headers();
            String policy = form.field("policy");
            if (policy != null) {
                PostPolicy.parse(policy).check(form.fields(), NOW);
            }
            return form.fields() + " " + key + " " + form.fileName() + " "
                    + file(new FormFile(body, form, 1, MAX_FILE_BYTES));
        } catch (S3Failure e) {
            if (e.error().status() >= 500) {
                throw new AssertionError("the server is at fault", e);
            }
            return e.error().code();
        }
    }

    private static String file(FormFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (ByteBuffer next = file.next(); next != null; next = file.next()) {
                byte[] piece = new byte[next.remaining()];
                next.get(piece);
                out.writeBytes(piece);
            }
        } catch (StoreException e) {
            return e.code().name();
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /// A body that arrives in pieces of a fixed size, each in the same buffer, as an engine lends it.
    private static final class InPieces implements Body {
        private final byte[] bytes;
        private final ByteBuffer lent;
        private int position;

        InPieces(byte[] bytes, int pieceBytes) {
            this.bytes = bytes;
            this.lent = ByteBuffer.allocate(pieceBytes);
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
}
