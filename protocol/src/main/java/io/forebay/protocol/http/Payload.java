package io.forebay.protocol.http;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;

/// The bytes of a reply, in the form in which they can be sent most cheaply.
///
/// Whoever receives a payload owns and closes it, also on failure.
public sealed interface Payload extends AutoCloseable {
    static Payload none() {
        return None.INSTANCE;
    }

    /// The number of bytes, or -1 when it is not known beforehand (sent chunked).
    long length();

    @Override
    default void close() {
        // Nothing is held unless a case says so.
    }

    /// No bytes; `Content-Length: 0` is sent where the status allows it.
    record None() implements Payload {
        private static final None INSTANCE = new None();

        @Override
        public long length() {
            return 0;
        }
    }

    /// The answer to HEAD: a length without bytes.
    record Described(long length) implements Payload {}

    /// Bytes in memory, not changed after they were handed over.
    record Memory(ByteBuffer bytes) implements Payload {
        @Override
        public long length() {
            return bytes.remaining();
        }
    }

    /// Slices of files, sent one after the other.
    record Slices(List<FileSlice> slices) implements Payload {
        @Override
        public long length() {
            long length = 0;
            for (FileSlice slice : slices) {
                length += slice.length();
            }
            return length;
        }

        @Override
        public void close() {
            slices.forEach(FileSlice::close);
        }
    }

    /// Bytes pulled from a source, such as another node's reply. A source that fails in the middle ends the
    /// connection, so that a client never takes a part for the whole.
    record Stream(ByteSource source) implements Payload {
        @Override
        public long length() {
            return source.length();
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
