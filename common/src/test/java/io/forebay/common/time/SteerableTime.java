package io.forebay.common.time;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Time that passes only when a test says so. Tasks run in the thread that advances it, in the order in
/// which they are due, each at its own time.
public final class SteerableTime implements Ticker, Timers {
    private final PriorityQueue<Due> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::number));
    private long now;
    private long count;

    /// A task, and when it is due.
    private record Due(long nanos, long number, Runnable task) {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized Alarm after(long nanos, Runnable task) {
        Due due = new Due(now + Math.max(0, nanos), count++, task);
        tasks.add(due);
        return () -> cancel(due);
    }

    /// Lets that much time pass, and runs what is due meanwhile. A task may let time pass, too.
    public void advance(Duration time) {
        long end = nanos() + time.toNanos();
        for (Due due = next(end); due != null; due = next(end)) {
            due.task.run();
        }
    }

    /// Runs what is due now.
    public void settle() {
        advance(Duration.ZERO);
    }

    /// How many tasks wait for their time.
    public synchronized int waiting() {
        return tasks.size();
    }

    private synchronized @Nullable Due next(long end) {
        Due first = tasks.peek();
        if (first == null || first.nanos > end) {
            now = Math.max(now, end);
            return null;
        }
        tasks.remove();
        now = Math.max(now, first.nanos);
        return first;
    }

    private synchronized void cancel(Due due) {
        tasks.remove(due);
    }
}
