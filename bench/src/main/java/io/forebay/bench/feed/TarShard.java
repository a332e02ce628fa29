package io.forebay.bench.feed;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.BulkTransfer;
import io.forebay.bench.load.ObjectNames;
import io.forebay.transform.archive.tar.TarFraming;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// A tar of members of one size, made while it is sent.
///
/// @param name of the object that it becomes
record TarShard(String name, int memberBytes, int members) {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int OK = 200;

    /// The shard of about that many bytes.
    static TarShard ofSize(String name, int memberBytes, long bytes) {
        return new TarShard(name, memberBytes, Math.toIntExact(Math.max(1, bytes / stored(memberBytes))));
    }

    /// The name of a member in the shard.
    static String member(long number) {
        return "m/" + ObjectNames.of(number);
    }

    /// Stores it in a bucket.
    void put(InetSocketAddress address, String bucket) {
        try (BulkTransfer transfer = new BulkTransfer(address)) {
            int status = transfer.put("/v1/objects/" + bucket + "/" + name, bytes(), chunks());
            if (status != OK) {
                throw new IllegalStateException("PUT of " + name + ": status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many bytes it has.
    long bytes() {
        return stored(memberBytes) * members + TarFraming.end().remaining();
    }

    /// Its bytes; each chunk is good until the next.
    Iterator<ByteBuffer> chunks() {
        return new Chunks();
    }

    /// Throws unless the bytes are those of the member.
    void require(long number, byte[] actual) {
        if (!body().numbered(number).equals(ByteBuffer.wrap(actual))) {
            throw new IllegalStateException("member " + number + " of " + name + " came back with other bytes");
        }
    }

    private BodyBytes body() {
        return new BodyBytes(memberBytes, name.hashCode());
    }

    /// What a body takes with its header and what fills its last block.
    private static long stored(int bodyBytes) {
        return (long) TarFraming.BLOCK_BYTES + bodyBytes + TarFraming.paddingBytes(bodyBytes);
    }

    private final class Chunks implements Iterator<ByteBuffer> {
        private final BodyBytes body = body();
        private final ByteBuffer chunk =
                ByteBuffer.allocateDirect(Math.max(CHUNK_BYTES, Math.toIntExact(stored(memberBytes))));
        private int next;

        @Override
        public boolean hasNext() {
            return next <= members;
        }

        /// As many members as fit, or the end; valid until the next call.
        @Override
        public ByteBuffer next() {
            chunk.clear();
            while (next < members && chunk.remaining() >= stored(memberBytes)) {
                chunk.put(TarFraming.header(member(next), memberBytes, 0))
                        .put(body.numbered(next))
                        .put(TarFraming.padding(memberBytes));
                next++;
            }
            if (chunk.position() == 0) {
                chunk.put(TarFraming.end());
                next++;
            }
            return chunk.flip();
        }
    }
}
