package io.forebay.gateway.api.cluster;

import com.sun.management.OperatingSystemMXBean;
import io.forebay.protocol.api.cluster.SystemLoad;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/// Memory and processor use of the machine that this gateway runs on.
final class MachineLoad {
    private static final Path LOAD_AVERAGES = Path.of("/proc/loadavg");

    private MachineLoad() {}

    static SystemLoad now() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        long available = system.getFreeMemorySize();
        double processor = Math.max(0, system.getCpuLoad()) * 100;
        return new SystemLoad(
                total - available,
                available,
                total == 0 ? 0 : (total - available) * 100.0 / total,
                processor,
                loadAverage(system),
                Math.round(processor));
    }

    /// From the kernel where it tells all three, else the one that the JDK knows.
    private static SystemLoad.Average loadAverage(OperatingSystemMXBean system) {
        if (Files.isReadable(LOAD_AVERAGES)) {
            try {
                StringTokenizer fields = new StringTokenizer(Files.readString(LOAD_AVERAGES));
                return new SystemLoad.Average(
                        Double.parseDouble(fields.nextToken()),
                        Double.parseDouble(fields.nextToken()),
                        Double.parseDouble(fields.nextToken()));
            } catch (IOException | RuntimeException unreadable) {
                return new SystemLoad.Average(0, 0, 0);
            }
        }
        double one = Math.max(0, system.getSystemLoadAverage());
        return new SystemLoad.Average(one, one, one);
    }
}
