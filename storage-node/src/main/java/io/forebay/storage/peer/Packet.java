package io.forebay.storage.peer;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.MemoryBody;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A message with object bytes behind it, as nodes send them: four bytes of the message's length, the
/// message, the bytes.
final class Packet {
    private static final int LENGTH_BYTES = 4;

    private Packet() {}

    /// A packet as a body; closing it closes the content. In one piece when it is small, so that it goes out
    /// with the request's head.
    static Body body(byte[] message, ByteSource content, int maxSmallBytes) {
        long length = LENGTH_BYTES + message.length + content.length();
        if (length > maxSmallBytes) {
            return new Streamed(message, content);
        }
        try (content) {
            // Not on the heap: the content is an object's.
            ByteBuffer whole = ByteBuffer.allocateDirect((int) length);
            whole.putInt(message.length).put(message);
            for (ByteBuffer bytes = content.next(); bytes != null; bytes = content.next()) {
                whole.put(bytes);
            }
            return new MemoryBody(whole.flip());
        }
    }

    /// A packet that is being received: the message, and then its content.
    ///
    /// Closing it closes what it is read from.
    static final class Received implements ByteSource {
        private final ByteSource source;
        private final byte[] message;
        private final long length;
        private @Nullable ByteBuffer rest;

        /// Reads the message. Throws TOO_LARGE when it is longer than that, INCOMPLETE_BODY when it is not
        /// whole.
        Received(ByteSource source, int maxMessageBytes) {
            this.source = source;
            int size = ByteBuffer.wrap(take(LENGTH_BYTES)).getInt();
            if (size < 0 || size > maxMessageBytes) {
                throw new StoreException(ErrorCode.TOO_LARGE, "a message of " + size + " bytes between nodes");
            }
            this.message = take(size);
            this.length = source.length() < 0 ? -1 : source.length() - LENGTH_BYTES - size;
        }

        byte[] message() {
            return message;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public @Nullable ByteBuffer next() {
            ByteBuffer left = rest;
            rest = null;
            return left != null && left.hasRemaining() ? left : source.next();
        }

        @Override
        public void close() {
            source.close();
        }

        private byte[] take(int count) {
            byte[] taken = new byte[count];
            for (int at = 0; at < count; ) {
                ByteBuffer bytes = rest != null && rest.hasRemaining() ? rest : source.next();
                if (bytes == null) {
                    throw new StoreException(ErrorCode.INCOMPLETE_BODY, "a message between nodes is not whole");
                }
                int some = Math.min(count - at, bytes.remaining());
                bytes.get(taken, at, some);
                at += some;
                rest = bytes;
            }
            return taken;
        }
    }

    /// A packet that is sent as it is read.
    private static final class Streamed implements Body {
        private final ByteBuffer head;
        private final ByteSource content;
        private final long length;
        private boolean begun;

        Streamed(byte[] message, ByteSource content) {
            this.head = ByteBuffer.allocate(LENGTH_BYTES + message.length)
                    .putInt(message.length)
                    .put(message)
                    .flip();
            this.content = content;
            Check.that(content.length() >= 0, "content of unknown length in a packet");
            this.length = head.remaining() + content.length();
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public @Nullable ByteBuffer next() {
            if (!begun) {
                begun = true;
                return head;
            }
            return content.next();
        }

        @Override
        public boolean touched() {
            return begun;
        }

        @Override
        public void close() {
            content.close();
        }
    }
}
