package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Body;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A body on its way from an event loop, which fills it, to a thread that may wait, which takes from it. Or to that
/// loop itself, which takes only what is there.
///
/// Holds at most a window of bytes: the loop stops reading from the socket when `offer` says so, and reads on
/// when the taker asks through `Feed`. Owns each buffer from `offer` on, until it was taken and the next one is
/// asked for.
final class InboundBody implements Body, BufferSource {
    /// The connection that fills a body; called by the taker's thread.
    interface Feed {
        /// Whether the calling thread is the loop that fills the body, and must not wait for itself.
        boolean isOnLoop();

        /// The taker wants bytes and there is room: read on.
        void wanted(InboundBody body);

        /// The taker has closed the body: nothing more of it is needed.
        void closed(InboundBody body);
    }

    private final Feed feed;
    private final BufferBudget budget;
    private final long length;
    private final long window;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>(4);
    private long held;
    private boolean asked;
    private boolean ended;
    private boolean closed;
    private @Nullable StoreException failure;

    private @Nullable ByteBuf current;
    private @Nullable Runnable loopTaker;

    InboundBody(Feed feed, BufferBudget budget, long length, long window) {
        this.feed = feed;
        this.budget = budget;
        this.length = length;
        this.window = window;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        releaseCurrent();
        ByteBuf buffer = take();
        current = buffer;
        return buffer == null ? null : buffer.nioBuffer();
    }

    @Override
    public @Nullable ByteBuf nextBuffer() {
        releaseCurrent();
        return take();
    }

    @Override
    public boolean touched() {
        lock.lock();
        try {
            return asked;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        releaseCurrent();
        boolean first;
        lock.lock();
        try {
            first = !closed;
            closed = true;
            dropAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            feed.closed(this);
        }
    }

    /// Takes over a buffer with content; gives whether the loop may read on at once.
    boolean offer(ByteBuf buffer) {
        lock.lock();
        try {
            if (closed || failure != null) {
                buffer.release();
                return false;
            }
            buffers.add(buffer);
            held += buffer.capacity();
            budget.add(buffer.capacity());
            changed.signal();
            if (held < window && budget.spent()) {
                budget.notePause();
            }
            return mayRead();
        } finally {
            lock.unlock();
        }
    }

    /// Begins to take on the loop that fills the body: `taker` runs there when buffers were offered, and at the end,
    /// and takes while `isReady`.
    void takeOnLoop(Runnable taker) {
        loopTaker = taker;
        lock.lock();
        try {
            asked = true;
        } finally {
            lock.unlock();
        }
        feed.wanted(this);
    }

    /// Whether the calling thread is the loop that fills the body.
    boolean isOnLoop() {
        return feed.isOnLoop();
    }

    /// Whether the next buffer, the end or the failure can be taken without waiting.
    boolean isReady() {
        lock.lock();
        try {
            return !buffers.isEmpty() || finished();
        } finally {
            lock.unlock();
        }
    }

    /// Lets a taker on the loop take what was offered.
    void deliver() {
        Runnable taker = loopTaker;
        if (taker != null) {
            taker.run();
        }
    }

    /// Says that the last byte was offered.
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        deliver();
    }

    /// Says that no more bytes can be had; the taker meets the failure after what is still held.
    void fail(StoreException cause) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = cause;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        deliver();
    }

    /// Whether the taker has begun and there is room for more.
    boolean wantsMore() {
        lock.lock();
        try {
            return asked && !ended && !closed && failure == null && mayRead();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the taker waits and nothing is held.
    boolean starved() {
        lock.lock();
        try {
            return asked && buffers.isEmpty() && !ended && !closed && failure == null;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayRead() {
        return held == 0 || (held < window && !budget.spent());
    }

    private @Nullable ByteBuf take() {
        boolean ask = false;
        ByteBuf buffer;
        lock.lock();
        try {
            if (!asked) {
                asked = true;
                ask = !ended;
            }
            if (ask && buffers.isEmpty()) {
                ask = false;
                feed.wanted(this);
            }
            awaitBytes();
            buffer = buffers.poll();
            if (buffer == null) {
                return endOrThrow();
            }
            boolean wasFull = !mayRead();
            held -= buffer.capacity();
            budget.remove(buffer.capacity());
            ask |= !ended && (wasFull || held == 0);
        } finally {
            lock.unlock();
        }
        if (ask) {
            feed.wanted(this);
        }
        return buffer;
    }

    private boolean finished() {
        return ended || closed || failure != null;
    }

    private @Nullable ByteBuf endOrThrow() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new StoreException(ErrorCode.INCOMPLETE_BODY, "the body was closed before its end");
        }
        return null;
    }

    private void awaitBytes() {
        try {
            while (buffers.isEmpty() && !finished()) {
                if (feed.isOnLoop()) {
                    throw new IllegalStateException("an event loop would wait for itself");
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for a body", e);
        }
    }

    private void dropAll() {
        for (ByteBuf buffer = buffers.poll(); buffer != null; buffer = buffers.poll()) {
            held -= buffer.capacity();
            budget.remove(buffer.capacity());
            buffer.release();
        }
    }

    private void releaseCurrent() {
        ByteBuf buffer = current;
        if (buffer != null) {
            current = null;
            buffer.release();
        }
    }
}
