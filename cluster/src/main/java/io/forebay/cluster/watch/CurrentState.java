package io.forebay.cluster.watch;

import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The newest state that was published in this process. Safe to share between threads.
///
/// Each subscriber has a virtual thread of its own, so a slow one delays nobody else.
public final class CurrentState implements StateWatch {
    private static final System.Logger LOG = System.getLogger(CurrentState.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final CommandHistory history;
    private volatile ClusterState current;

    /// Begins with the empty state, version 0, and remembers no commands.
    public CurrentState() {
        this(ClusterState.EMPTY);
    }

    public CurrentState(ClusterState first) {
        this(first, 0, 0);
    }

    /// Begins with the empty state and remembers commands for those who have an older state: so many, and
    /// bytes.
    public CurrentState(int historyCommands, long historyBytes) {
        this(ClusterState.EMPTY, historyCommands, historyBytes);
    }

    private CurrentState(ClusterState first, int historyCommands, long historyBytes) {
        this.current = first;
        this.history = new CommandHistory(historyCommands, historyBytes);
    }

    /// Makes a state the current one when its version is higher; an older or equal one is left alone.
    public void publish(ClusterState state) {
        lock.lock();
        try {
            if (state.version() > current.version()) {
                history.forget(state.version());
                show(state);
            }
        } finally {
            lock.unlock();
        }
    }

    /// As `publish`, for a state that one command made of the one before.
    ///
    /// @param command as `CommandCodec` encodes it
    public void publish(ClusterState state, byte[] command) {
        lock.lock();
        try {
            if (state.version() > current.version()) {
                history.add(state.version(), command);
                show(state);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Puts a state in the place of the current one when that has the same version and is wrong.
    /// Subscribers learn of it with the next version.
    void correct(ClusterState state) {
        lock.lock();
        try {
            if (state.version() == current.version()) {
                history.forget(state.version());
                current = state;
            }
        } finally {
            lock.unlock();
        }
    }

    /// The commands that lead from that version to one that is current or was a moment ago; null when they
    /// are not all known.
    @Nullable
    List<byte[]> commandsSince(long version) {
        lock.lock();
        try {
            return history.since(version);
        } finally {
            lock.unlock();
        }
    }

    private void show(ClusterState state) {
        current = state;
        changed.signalAll();
    }

    @Override
    public ClusterState current() {
        return current;
    }

    @Override
    public ClusterState await(long version, Duration patience) {
        ClusterState state = current;
        return state.version() >= version ? state : awaitChange(version, patience);
    }

    private ClusterState awaitChange(long version, Duration patience) {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (current.version() < version) {
                if (nanos <= 0) {
                    throw new StoreException(
                            ErrorCode.STALE_MAP,
                            "cluster state version " + version + " did not arrive within " + patience.toMillis()
                                    + " ms: this process has version " + current.version());
                }
                nanos = changed.awaitNanos(nanos);
            }
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    ErrorCode.DEADLINE_EXCEEDED, "interrupted while waiting for cluster state version " + version, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Subscription subscribe(Consumer<ClusterState> listener) {
        Subscriber subscriber = new Subscriber(listener);
        subscriber.thread.start();
        return subscriber;
    }

    private final class Subscriber implements Subscription {
        private final Consumer<ClusterState> listener;
        private final Thread thread = Thread.ofVirtual().name("state-watch").unstarted(this::run);
        private boolean closed;

        Subscriber(Consumer<ClusterState> listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (!Thread.currentThread().equals(thread)) {
                joinThread();
            }
        }

        private void joinThread() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            ClusterState state = newerThan(-1);
            while (state != null) {
                deliver(state);
                state = newerThan(state.version());
            }
        }

        /// A listener's failure must not keep it from the states to come.
        private void deliver(ClusterState state) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a listener failed at cluster state version " + state.version(), e);
            }
        }

        /// Waits for a state beyond that version; null once closed.
        private @Nullable ClusterState newerThan(long version) {
            lock.lock();
            try {
                while (!closed && current.version() <= version) {
                    changed.awaitUninterruptibly();
                }
                return closed ? null : current;
            } finally {
                lock.unlock();
            }
        }
    }
}
