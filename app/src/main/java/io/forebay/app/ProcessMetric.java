package io.forebay.app;

import com.sun.management.ThreadMXBean;
import io.forebay.common.metrics.Metric;
import io.forebay.common.metrics.Metrics;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/// The metrics of the process itself.
enum ProcessMetric implements Metric {
    UPTIME("forebay_process_uptime_seconds", "Seconds since the process began."),
    HEAP_USED("forebay_process_heap_used_bytes", "Heap in use, garbage included."),
    HEAP_MAX("forebay_process_heap_max_bytes", "Size to which the heap may grow."),
    HEAP_ALLOCATED(
            "forebay_process_heap_allocated_bytes",
            "Heap allocated since the process began, by threads that live or lived."),
    DIRECT_USED("forebay_process_direct_used_bytes", "Direct buffers of the JDK in use."),
    GC_COUNT("forebay_process_gc_count", "Garbage collections since the process began."),
    GC_TIME("forebay_process_gc_seconds", "Seconds spent in garbage collections."),
    THREADS("forebay_process_threads", "Live platform threads.");

    private final String metricName;
    private final String help;

    ProcessMetric(String metricName, String help) {
        this.metricName = metricName;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public Kind kind() {
        return Kind.GAUGE;
    }

    /// Shows every one of them, read when somebody looks.
    static void show(Metrics metrics) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        metrics.gauge(UPTIME, "", () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
        metrics.gauge(HEAP_USED, "", () -> memory.getHeapMemoryUsage().getUsed());
        metrics.gauge(HEAP_MAX, "", () -> memory.getHeapMemoryUsage().getMax());
        metrics.gauge(
                DIRECT_USED,
                "",
                () -> ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum());
        metrics.gauge(
                GC_COUNT,
                "",
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum());
        metrics.gauge(
                GC_TIME,
                "",
                () -> ManagementFactory.getGarbageCollectorMXBeans().stream()
                                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                                .sum()
                        / 1e3);
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        metrics.gauge(HEAP_ALLOCATED, "", threads::getTotalThreadAllocatedBytes);
        metrics.gauge(THREADS, "", threads::getThreadCount);
    }
}
