package io.forebay.bench.storage;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Processor time, which says what work costs on a machine that others use too.
public final class ProcessorClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ProcessorClock() {}

    /// Of the calling thread, which must not be virtual.
    public static long threadNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /// Of this process, all threads.
    static long processNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("the system does not tell processor times"))
                .toNanos();
    }
}
