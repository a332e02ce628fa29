package io.forebay.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One connection of a load, with at most one request in flight.
final class LoadConnection {
    private static final int READ_BYTES = 256 << 10;

    private final InetSocketAddress address;
    private final Selector selector;
    private final ByteBuffer out;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final ResponseReader reader = new ResponseReader();
    private SocketChannel channel;
    private SelectionKey key;
    private @Nullable Operation operation;
    private long begun;
    private long sentBytes;
    private long receivedBytes;

    LoadConnection(InetSocketAddress address, Selector selector, int requestBytes) throws IOException {
        this.address = address;
        this.selector = selector;
        this.out = ByteBuffer.allocateDirect(requestBytes);
        this.channel = connect();
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /// The operation in flight, or null.
    @Nullable
    Operation operation() {
        return operation;
    }

    /// When the request in flight was due.
    long begun() {
        return begun;
    }

    int status() {
        return reader.status();
    }

    long sentBytes() {
        return sentBytes;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    void begin(RequestSource source, long due) throws IOException {
        out.clear();
        Operation next = source.next(out);
        out.flip();
        operation = next;
        begun = due;
        sentBytes += out.remaining();
        reader.begin(next.bodiless());
        in.clear();
        flush();
    }

    /// Moves bytes as far as the socket is ready; true when the response has come to its end.
    boolean advance() throws IOException {
        if (key.isValid() && key.isWritable()) {
            flush();
        }
        if (operation == null) {
            // A server may close a connection that is not in use.
            reconnect();
            return false;
        }
        int count = channel.read(in);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        receivedBytes += count;
        in.flip();
        boolean done = reader.take(in);
        in.compact();
        if (done) {
            operation = null;
            if (reader.closes()) {
                reconnect();
            }
        }
        return done;
    }

    /// Gives the request in flight up and opens the connection anew.
    void reconnect() throws IOException {
        operation = null;
        close();
        channel = connect();
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    void close() throws IOException {
        key.cancel();
        channel.close();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel opened = SocketChannel.open(address);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.configureBlocking(false);
        return opened;
    }

    private void flush() throws IOException {
        channel.write(out);
        key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
}
