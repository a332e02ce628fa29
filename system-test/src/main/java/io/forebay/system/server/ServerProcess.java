package io.forebay.system.server;

import io.forebay.common.error.Check;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The real `forebay` server, or another role, as a process of its own, from the runnable layout that the
/// build made: for tests of
/// starting, stopping and dying.
public final class ServerProcess implements AutoCloseable {
    private static final Pattern CONTROL = Pattern.compile("control +(http://\\S+)");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Path standardError;
    private final List<String> lines = new ArrayList<>();

    private ServerProcess(Process process, Path standardError) {
        this.process = process;
        this.standardError = standardError;
    }

    /// Runs `forebay server` with these arguments, and returns when it is ready or has ended.
    ///
    /// @param layout the folder of its jars
    /// @param scratch a folder for what it writes to standard error
    public static ServerProcess run(Path layout, Path scratch, Map<String, String> environment, String... arguments) {
        ServerProcess server = launch(layout, scratch, environment, List.of(), List.of(arguments));
        server.awaitReady();
        return server;
    }

    /// Runs `forebay server` with these arguments and further options of the JVM, and returns at once.
    public static ServerProcess launch(
            Path layout,
            Path scratch,
            Map<String, String> environment,
            List<String> jvmOptions,
            List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("server"));
        words.addAll(arguments);
        return launch(new Launch(layout, scratch, environment, List.of(), List.of(), jvmOptions, words));
    }

    /// How to run a process.
    ///
    /// @param prefix words before the command, such as those that run it elsewhere
    /// @param before what comes before the layout's jars on the class path
    /// @param arguments of `forebay`, the role first
    public record Launch(
            Path layout,
            Path scratch,
            Map<String, String> environment,
            List<String> prefix,
            List<Path> before,
            List<String> jvmOptions,
            List<String> arguments) {
        public Launch {
            environment = Map.copyOf(environment);
            prefix = List.copyOf(prefix);
            before = List.copyOf(before);
            jvmOptions = List.copyOf(jvmOptions);
            arguments = List.copyOf(arguments);
        }
    }

    /// Runs a process of any role, and returns at once.
    public static ServerProcess launch(Launch launch) {
        try {
            Path errors = Files.createTempFile(launch.scratch(), "stderr", ".txt");
            List<String> command = new ArrayList<>(launch.prefix());
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC",
                    "-Xmx512m"));
            if (launch.before().isEmpty()) {
                command.addAll(ClassCache.options(launch.layout()));
            }
            command.addAll(launch.jvmOptions());
            StringBuilder classPath = new StringBuilder();
            launch.before().forEach(path -> classPath.append(path).append(File.pathSeparatorChar));
            classPath.append(classPath(launch.layout()));
            command.addAll(List.of("-cp", classPath.toString(), "io.forebay.app.ForebayMain"));
            command.addAll(launch.arguments());
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().putAll(launch.environment());
            return new ServerProcess(builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns when it is ready or has ended.
    public void awaitReady() {
        BufferedReader reader = process.inputReader();
        try {
            while (!isReady()) {
                String line = reader.readLine();
                if (line == null) {
                    return;
                }
                lines.add(line);
            }
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

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Stops all its threads where they are (SIGSTOP), until `resume`; none does anything more when this
    /// returns, but for what the kernel does for it.
    public void suspend() {
        signal("STOP");
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                while (isRunning(thread)) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether a thread is neither stopped nor in the kernel, which it leaves to stop, nor gone.
    private static boolean isRunning(Path thread) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return "TtDZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// Lets it go on (SIGCONT).
    public void resume() {
        signal("CONT");
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

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            Check.that(kill.waitFor() == 0, "cannot send SIG%s to the server", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String classPath(Path layout) throws IOException {
        try (Stream<Path> jars = Files.list(layout)) {
            List<String> paths = jars.map(
                            jar -> jar.toAbsolutePath().normalize().toString())
                    .sorted()
                    .toList();
            return String.join(File.pathSeparator, paths);
        }
    }
}
