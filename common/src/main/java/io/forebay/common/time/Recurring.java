package io.forebay.common.time;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Work that is done again and again: each run says when the next one is due, and runs never overlap.
///
/// A run that throws is logged, once for as long as it fails in the same way, and tried again.
public final class Recurring implements AutoCloseable {
    /// What a run returns when only `wake` makes the next one due.
    public static final long NEVER = Long.MAX_VALUE;

    private static final System.Logger LOG = System.getLogger(Recurring.class.getName());

    private final String name;
    private final Timers timers;
    private final long retryNanos;
    private final Step step;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private Timers.@Nullable Alarm alarm;
    private @Nullable Thread running;
    private long turn;
    private boolean started;
    private boolean woken;
    private boolean closed;
    private @Nullable String lastFailure;

    /// @param retryNanos when the next run is due after one that threw
    public Recurring(String name, Timers timers, long retryNanos, Step step) {
        this.name = name;
        this.timers = timers;
        this.retryNanos = retryNanos;
        this.step = step;
    }

    /// One run of the work.
    @FunctionalInterface
    public interface Step {
        /// Returns after how many nanoseconds the next run is due. An interrupt means that it is not wanted
        /// any longer.
        long run();
    }

    /// Makes the first run due now.
    public void start() {
        lock.lock();
        try {
            started = true;
            schedule(0);
        } finally {
            lock.unlock();
        }
    }

    /// Makes the next run due now; after the one under way, if there is one.
    public void wake() {
        lock.lock();
        try {
            if (!started || closed) {
                return;
            }
            if (running != null) {
                woken = true;
            } else {
                schedule(0);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Interrupts the run under way, if there is one, and makes the next one due now.
    public void restart() {
        lock.lock();
        try {
            if (running != null) {
                running.interrupt();
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// Ends it: a run under way is interrupted and waited for, unless it is that run which closes.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (alarm != null) {
                alarm.cancel();
            }
            if (running != null && !running.equals(Thread.currentThread())) {
                running.interrupt();
                while (running != null) {
                    ended.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void schedule(long nanos) {
        if (alarm != null) {
            alarm.cancel();
        }
        long due = ++turn;
        alarm = nanos == NEVER ? null : timers.after(nanos, () -> run(due));
    }

    private void run(long due) {
        if (!begin(due)) {
            return;
        }
        long next = retryNanos;
        try {
            next = step.run();
            lastFailure = null;
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            end(next);
        }
    }

    /// False when a later turn was scheduled meanwhile, or none is wanted.
    private boolean begin(long due) {
        lock.lock();
        try {
            if (closed || due != turn) {
                return false;
            }
            alarm = null;
            woken = false;
            running = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end(long next) {
        lock.lock();
        try {
            // An interrupt that was meant for this run must not meet whatever the thread does next.
            boolean interrupted = Thread.interrupted();
            running = null;
            ended.signalAll();
            if (!closed) {
                schedule(woken || interrupted ? 0 : next);
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed(RuntimeException failure) {
        String text = String.valueOf(failure.getMessage());
        boolean wanted;
        lock.lock();
        try {
            wanted = !closed && !text.equals(lastFailure);
        } finally {
            lock.unlock();
        }
        lastFailure = text;
        if (wanted) {
            LOG.log(System.Logger.Level.ERROR, name + " failed: " + text, failure);
        }
    }
}
