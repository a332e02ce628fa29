package io.forebay.common.time;

/// Runs tasks later: the seam by which waiting is measured in tests and simulations without waiting.
public interface Timers {
    /// The process's own, on one shared thread that only hands tasks over to virtual threads.
    Timers SYSTEM = new SystemTimers();

    /// Runs the task once, that many nanoseconds from now (0 or less: soon), never on the caller's stack.
    /// The task may wait.
    Alarm after(long nanos, Runnable task);

    /// A task that is to run.
    interface Alarm {
        /// Takes it back, unless it has begun.
        void cancel();
    }
}
