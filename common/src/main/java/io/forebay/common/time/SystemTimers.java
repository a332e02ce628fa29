package io.forebay.common.time;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Timers of the machine's clock: each task runs on a virtual thread of its own.
final class SystemTimers implements Timers {
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("forebay-timers").unstarted(task));

    SystemTimers() {
        clock.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Alarm after(long nanos, Runnable task) {
        Thread thread = Thread.ofVirtual().unstarted(task);
        Future<?> due = clock.schedule(thread::start, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
    }
}
