package io.forebay.protocol.http.netty;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Reply;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One request on its way: what the connection's event loop learns, for the thread that waits for it.
final class ClientExchange implements ReplyTaker {
    private final boolean forHead;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean told;
    private @Nullable Reply reply;
    private @Nullable StoreException failure;
    private boolean abandoned;

    /// @param forHead whether the request is HEAD, whose reply has no body
    ClientExchange(boolean forHead) {
        this.forHead = forHead;
    }

    @Override
    public boolean forHead() {
        return forHead;
    }

    @Override
    public void tell() {
        lock.lock();
        try {
            told = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The waiting thread owns the reply, unless it has gone.
    @Override
    public void answer(Reply answered) {
        boolean unwanted;
        lock.lock();
        try {
            unwanted = abandoned;
            reply = answered;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (unwanted) {
            answered.payload().close();
        }
    }

    /// The waiting thread goes without a reply: one that is there, or comes, is closed.
    void abandon() {
        Reply unwanted;
        lock.lock();
        try {
            abandoned = true;
            unwanted = reply;
        } finally {
            lock.unlock();
        }
        if (unwanted != null) {
            unwanted.payload().close();
        }
    }

    @Override
    public void fail(StoreException cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean over() {
        lock.lock();
        try {
            return reply != null || failure != null;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the server asks for the body. False when it answered, or failed, without.
    boolean awaitTold() {
        lock.lock();
        try {
            while (!told && reply == null && failure == null) {
                changed.await();
            }
            return reply == null && failure == null;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the reply. Throws the failure when there is none.
    Reply awaitReply() {
        lock.lock();
        try {
            while (reply == null && failure == null) {
                changed.await();
            }
            Reply answered = reply;
            if (answered != null) {
                return answered;
            }
            throw failure == null ? new StoreException(ErrorCode.INTERNAL, "no reply and no failure") : failure;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private static StoreException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for a node", cause);
    }
}
