package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Runs wrk: GETs of a set of names in random order over some connections, closed loop, on the loader's processor.
public final class Wrk {
    private static final Path PROGRAM = Path.of("/usr/bin/wrk");
    private static final String MARK = "forebay-bench ";
    private static final String SCRIPT = """
            local requests = {}
            local count
            function init(arguments)
              local prefix = arguments[1]
              count = tonumber(arguments[2])
              math.randomseed(7)
              for index = 0, count - 1 do
                requests[index] = wrk.format("GET", prefix .. string.format("o%08d", index))
              end
            end
            function request()
              return requests[math.random(0, count - 1)]
            end
            function done(summary, latency)
              local errors = summary.errors
              io.write(string.format("forebay-bench %d %d %d %d %d %d\\n", summary.requests, summary.duration,
                summary.bytes, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
                latency:percentile(50), latency:percentile(99)))
            end
            """;

    private final Path script;

    public Wrk(Home home) {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IllegalStateException("wrk is not installed: apt-get install wrk (Debian, Ubuntu)");
        }
        script = home.folder("wrk").resolve("get.lua");
        try {
            Files.writeString(script, SCRIPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Loads the peer and measures. Fails when any request did.
    public Sample run(Peer peer, String prefix, int objects, int connections, Duration duration) {
        long before = peer.cpuNanos();
        String output = output(List.of(
                PROGRAM.toString(),
                "-t1",
                "-c" + connections,
                "-d" + Math.max(1, duration.toSeconds()) + "s",
                // A late answer is what percentiles are for.
                "--timeout",
                "60s",
                "-s",
                script.toString(),
                "http://" + Ports.text(peer.address()),
                "--",
                prefix,
                Integer.toString(objects)));
        long cpuNanos = peer.cpuNanos() - before;
        int mark = output.indexOf(MARK);
        if (mark < 0) {
            throw new IllegalStateException("wrk said: " + output);
        }
        String[] numbers = output.substring(mark + MARK.length()).strip().split(" ", -1);
        double requests = Double.parseDouble(numbers[0]);
        if (Long.parseLong(numbers[3]) > 0 || requests == 0) {
            throw new IllegalStateException("wrk met errors at " + prefix + ": " + output);
        }
        return new Sample(
                requests / (Double.parseDouble(numbers[1]) / 1e6),
                cpuNanos / 1e3 / requests,
                Double.parseDouble(numbers[2]) / requests,
                Double.parseDouble(numbers[4]) / 1e3,
                Double.parseDouble(numbers[5]) / 1e3);
    }

    private static String output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("wrk could not be run: " + e.getMessage(), e);
        }
    }
}
