package io.forebay.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the connections of a process carry, as Linux counts it: the bytes of TCP's streams, both ways.
///
/// By `ss` of iproute2. What connections carried that were closed between two looks is not in it, and connections that
/// are there at both looks count by their difference.
final class SocketBytes {
    private static final Pattern PROCESS = Pattern.compile("pid=(\\d+),fd=(\\d+)");
    private static final Pattern BYTES = Pattern.compile("\\bbytes_(?:acked|received):(\\d+)");

    private SocketBytes() {}

    private record Socket(long process, String addresses) {}

    /// Lets a time pass.
    static void settle(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Bytes a second of each process in the order given.
    static List<Double> perSecond(List<Long> processes, Duration time) {
        Map<Socket, Long> before = look();
        settle(time);
        Map<Long, Long> sums = new HashMap<>();
        look().forEach((socket, bytes) ->
                sums.merge(socket.process, bytes - before.getOrDefault(socket, 0L), Long::sum));
        List<Double> rates = new ArrayList<>();
        for (Long process : processes) {
            rates.add(sums.getOrDefault(process, 0L) / (time.toMillis() / 1000.0));
        }
        return rates;
    }

    private static Map<Socket, Long> look() {
        Map<Socket, Long> found = new HashMap<>();
        for (String line : lines(List.of("ss", "-tinpHO"))) {
            Matcher process = PROCESS.matcher(line);
            long bytes = 0;
            Matcher counts = BYTES.matcher(line);
            while (counts.find()) {
                bytes += Long.parseLong(counts.group(1));
            }
            if (process.find()) {
                String[] words = line.strip().split("\\s+", 6);
                found.put(new Socket(Long.parseLong(process.group(1)), words[3] + " " + words[4]), bytes);
            }
        }
        return found;
    }

    private static List<String> lines(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("ss is needed (apt-get install iproute2): " + e.getMessage(), e);
        }
    }
}
