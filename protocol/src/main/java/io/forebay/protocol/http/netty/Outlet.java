package io.forebay.protocol.http.netty;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The sending side of a channel: writes whose failure ends the connection, and a place where a thread that may
/// wait stands until the peer takes more. For any thread but `signal`.
final class Outlet {
    private final SocketChannel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Outlet(SocketChannel channel) {
        this.channel = channel;
    }

    /// Takes over a message, to be sent at the next flush.
    @SuppressWarnings("FutureReturnValueIgnored") // A void promise: a failure arrives as an exception of the channel.
    void write(Object message) {
        channel.write(message, channel.voidPromise());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // As above.
    void writeAndFlush(Object message) {
        channel.writeAndFlush(message, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The channel says when it is inactive.
    void close() {
        channel.close();
    }

    /// Tells the peer that nothing more is coming, and goes on receiving.
    @SuppressWarnings("FutureReturnValueIgnored") // The peer closes, or the linger time ends.
    void shutdown() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound();
        }
    }

    boolean hasRoom() {
        return channel.isWritable();
    }

    /// Waits for room in the channel's outbound buffer. False when the connection is gone or the thread
    /// interrupted.
    boolean awaitRoom() {
        if (channel.isWritable()) {
            return true;
        }
        lock.lock();
        try {
            while (channel.isActive() && !channel.isWritable()) {
                changed.await();
            }
            return channel.isActive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Called on the event loop when the channel became writable or closed.
    void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
