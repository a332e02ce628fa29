package io.forebay.storage.info;

import com.sun.management.OperatingSystemMXBean;
import io.forebay.protocol.api.cluster.SystemLoad;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/// Measures the machine's memory and processors.
final class MachineLoad {
    private static final Path LOAD_AVERAGES = Path.of("/proc/loadavg");

    private MachineLoad() {}

    static SystemLoad measure() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        long free = system.getFreeMemorySize();
        double processors = Math.max(0, system.getCpuLoad()) * 100;
        return new SystemLoad(
                total - free,
                free,
                total == 0 ? 0 : 100.0 * (total - free) / total,
                processors,
                averages(system.getSystemLoadAverage()),
                Math.round(processors));
    }

    /// Over one, five and fifteen minutes; where the system does not tell, the one that Java knows.
    private static SystemLoad.Average averages(double one) {
        try {
            StringTokenizer words = new StringTokenizer(Files.readString(LOAD_AVERAGES));
            return new SystemLoad.Average(number(words), number(words), number(words));
        } catch (IOException | NumberFormatException notToldHere) {
            double known = Math.max(0, one);
            return new SystemLoad.Average(known, known, known);
        }
    }

    private static double number(StringTokenizer words) {
        return words.hasMoreTokens() ? Double.parseDouble(words.nextToken()) : 0;
    }
}
