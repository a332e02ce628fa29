package io.forebay.system;

import io.forebay.common.error.Check;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The real `forebay server` as a process of its own, from the runnable layout that the build made: for tests of
/// starting, stopping and dying.
public final class ServerProcess implements AutoCloseable {
    private static final Pattern CONTROL = Pattern.compile("control +(http://\\S+)");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path standardError;
    private final List<String> lines;

    private ServerProcess(Process process, Path standardError, List<String> lines) {
        this.process = process;
        this.standardError = standardError;
        this.lines = lines;
    }

    /// Runs `forebay server` with these arguments, and returns when it is ready or has ended.
    ///
    /// @param layout the folder of its jars
    /// @param scratch a folder for what it writes to standard error
    public static ServerProcess run(Path layout, Path scratch, Map<String, String> environment, String... arguments) {
        try {
            Path errors = Files.createTempFile(scratch, "stderr", ".txt");
            List<String> command = new ArrayList<>(List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "-cp",
                    classPath(layout),
                    "io.forebay.app.ForebayMain",
                    "server"));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new ServerProcess(process, errors, linesUntilReady(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isReady() {
        return !lines.isEmpty() && lines.getLast().startsWith("ready ");
    }

    /// The address of the data port. Only when it is ready.
    public URI url() {
        Check.that(isReady(), "the server is not ready: %s", errors());
        return URI.create(lines.getLast().substring("ready ".length()));
    }

    /// The address of the control port. Only when it is ready.
    public URI controlUrl() {
        Matcher matcher = CONTROL.matcher(banner());
        Check.that(matcher.find(), "the banner has no control address: %s", banner());
        return URI.create(matcher.group(1));
    }

    /// Everything on standard output up to the ready line.
    public String banner() {
        return String.join("\n", lines);
    }

    /// Everything on standard error so far.
    public String errors() {
        try {
            return Files.readString(standardError);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Asks for a clean stop (SIGTERM) without waiting for it.
    public void terminate() {
        process.destroy();
    }

    /// Ends it as a crash would (SIGKILL), and waits until it is gone.
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /// Waits for its end.
    public int exitCode() {
        try {
            Check.that(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server did not end: %s", errors());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static List<String> linesUntilReady(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.startsWith("ready ")) {
                break;
            }
        }
        return lines;
    }

    private static String classPath(Path layout) throws IOException {
        try (Stream<Path> jars = Files.list(layout)) {
            List<String> paths = jars.map(Path::toString).sorted().toList();
            return String.join(java.io.File.pathSeparator, paths);
        }
    }
}
