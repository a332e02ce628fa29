package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What Linux knows of a process: processor time, ended threads included, and memory.
public final class ProcessTime {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private ProcessTime() {}

    /// Processor time of a process and its descendants.
    static long nanos(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(each -> nanos(each.pid()))
                .sum();
    }

    /// The part of a process's memory that is resident.
    public static long residentBytes(long pid) {
        for (String line : lines("/proc/" + pid + "/status")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
    }

    private static long nanos(long pid) {
        String stat = lines("/proc/" + pid + "/stat").getFirst();
        // The command's name, in parentheses, may hold blanks.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * NANOS_PER_TICK;
    }

    private static List<String> lines(String path) {
        try {
            return Files.readAllLines(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException("processor times are read from Linux's /proc: " + e.getMessage(), e);
        }
    }
}
