package io.forebay.storage.volume;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// How many files the volumes of this process have open, and how many the system lets the process open in all.
///
/// One for the process, as the system's limit is: on Linux the one that `ulimit -Hn` shows, since the JVM
/// raises its own to that.
final class Descriptors {
    private static final AtomicInteger TAKEN = new AtomicInteger();
    private static final long GRANTED = granted();

    private Descriptors() {}

    static void took() {
        TAKEN.incrementAndGet();
    }

    static void gaveBack() {
        TAKEN.decrementAndGet();
    }

    static int taken() {
        return TAKEN.get();
    }

    /// The limit of the process; Long.MAX_VALUE where the system does not tell.
    static long limit() {
        return GRANTED;
    }

    private static long granted() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
