package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A process that a scenario started, on the server's processor. Closing stops it and waits for its end.
public final class Launched implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 20;

    private final String name;
    private final Process process;
    private final Path log;

    private Launched(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// Starts a command with one processor of its own where there are several.
    public static Launched start(Home home, String name, List<String> command, Map<String, String> environment) {
        return start(home, name, command, environment, "0");
    }

    /// Starts a command on every processor there is.
    public static Launched startOnAll(Home home, String name, List<String> command, Map<String, String> environment) {
        return start(home, name, command, environment, "0-" + (home.processors() - 1));
    }

    private static Launched start(
            Home home, String name, List<String> command, Map<String, String> environment, String processors) {
        List<String> pinned = new ArrayList<>();
        if (home.processors() > 1 && Files.isExecutable(Path.of("/usr/bin/taskset"))) {
            pinned.addAll(List.of("taskset", "-c", processors));
        }
        pinned.addAll(command);
        Path log = home.folder("log").resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(pinned).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new Launched(name, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be started: " + e.getMessage(), e);
        }
    }

    /// Waits until the process serves. Fails with its log when it ends before.
    public void await(BooleanSupplier serves) {
        long patience = System.nanoTime() + START_PATIENCE.toNanos();
        while (!serves.getAsBoolean()) {
            if (ended(POLL_MILLIS) || System.nanoTime() > patience) {
                throw new IllegalStateException(name + " did not start: " + output());
            }
        }
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /// Processor time of the process and its children so far.
    public long cpuNanos() {
        return ProcessTime.nanos(process.toHandle());
    }

    /// Whether the process came to its end by itself, and well.
    public boolean succeeded() {
        return !process.isAlive() && process.exitValue() == 0;
    }

    /// Waits for the end of the process.
    public void awaitEnd() {
        while (!ended(POLL_MILLIS)) {
            Thread.onSpinWait();
        }
    }

    /// Ends the process at once, as a crash would.
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void close() {
        process.destroy();
        if (!ended(STOP_PATIENCE.toMillis())) {
            process.destroyForcibly();
        }
    }

    private boolean ended(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }
}
