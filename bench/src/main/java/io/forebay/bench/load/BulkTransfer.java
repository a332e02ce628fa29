package io.forebay.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.LongStream;

/// One very large body on a connection of its own, sent or received through one buffer.
public final class BulkTransfer implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;

    private final SocketChannel channel;
    private final ResponseReader reader = new ResponseReader();
    private final ByteBuffer in = ByteBuffer.allocateDirect(CHUNK_BYTES);

    public BulkTransfer(InetSocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
    }

    /// Sends a body of that many bytes and returns the status of the answer.
    public int put(String target, long length) {
        BodyBytes body = new BodyBytes(CHUNK_BYTES, length);
        long chunks = (length + CHUNK_BYTES - 1) / CHUNK_BYTES;
        return put(
                target,
                length,
                LongStream.range(0, chunks)
                        .mapToObj(number ->
                                body.numbered(number).limit((int) Math.min(CHUNK_BYTES, length - number * CHUNK_BYTES)))
                        .iterator());
    }

    /// Sends these chunks, that many bytes together, as a body and returns the status of the answer. A chunk
    /// is done with when the next one is asked for.
    public int put(String target, long length, Iterator<ByteBuffer> chunks) {
        try {
            send(HttpText.head("PUT", target, length, ""));
            while (chunks.hasNext()) {
                write(chunks.next());
            }
            receive();
            return reader.status();
        } catch (IOException e) {
            throw new UncheckedIOException("PUT " + target + ": " + e.getMessage(), e);
        }
    }

    /// Asks for a body and returns how many bytes came, the head included. Fails on a status other than 200.
    public long get(String target) {
        try {
            send(HttpText.head("GET", target, -1, ""));
            long received = receive();
            if (reader.status() != 200) {
                throw new IllegalStateException("GET " + target + ": status " + reader.status());
            }
            return received;
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + target + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void send(String head) throws IOException {
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private long receive() throws IOException {
        reader.begin(false);
        in.clear();
        long received = 0;
        boolean done = false;
        while (!done) {
            int count = channel.read(in);
            if (count < 0) {
                throw new IOException("the server closed the connection after " + received + " bytes");
            }
            received += count;
            in.flip();
            done = reader.take(in);
            in.compact();
        }
        return received;
    }
}
