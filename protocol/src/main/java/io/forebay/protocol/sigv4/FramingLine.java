package io.forebay.protocol.sigv4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// One line of a body's framing, up to CR LF, gathered over as many buffers as it takes.
final class FramingLine {
    private final byte[] bytes;
    private int count;
    private boolean afterReturn;

    FramingLine(int maxBytes) {
        this.bytes = new byte[maxBytes];
    }

    boolean isEmpty() {
        return count == 0 && !afterReturn;
    }

    /// Takes bytes to the end of the line; false when the buffer ended first.
    boolean read(ByteBuffer source) {
        while (source.hasRemaining()) {
            byte b = source.get();
            if (afterReturn) {
                if (b != '\n') {
                    throw ChunkedBody.incomplete("a line does not end in CR LF");
                }
                return true;
            }
            if (b == '\r') {
                afterReturn = true;
            } else if (count == bytes.length) {
                throw ChunkedBody.incomplete("a line of the framing is longer than " + bytes.length + " bytes");
            } else {
                bytes[count++] = b;
            }
        }
        return false;
    }

    /// The line that was read, as Latin-1, without its end; the next one begins empty.
    String take() {
        String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        count = 0;
        afterReturn = false;
        return text;
    }
}
