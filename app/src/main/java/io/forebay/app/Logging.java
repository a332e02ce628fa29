package io.forebay.app;

import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Where log entries go: warnings to standard error, and these with our own notes to a bounded file.
final class Logging {
    /// Held, so that the levels set on them stay: the JDK forgets loggers that nobody holds.
    private static final Logger ROOT = Logger.getLogger("");

    private static final Logger OURS = Logger.getLogger("io.forebay");

    private Logging() {}

    /// Shows warnings on standard error, one a line.
    static void toStandardError() {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ROOT.setLevel(Level.WARNING);
        Handler console = new ConsoleHandler();
        console.setFormatter(new LogLine());
        console.setLevel(Level.WARNING);
        ROOT.addHandler(console);
    }

    /// Also appends to a file until the result is closed.
    static RunningLog toFile(Path file, LogConfig config) {
        OURS.setLevel(level(config.level()));
        RotatingLog log = new RotatingLog(
                file, config.maxSize().bytes(), config.maxTotal().bytes(), new LogLine());
        ROOT.addHandler(log);
        return new RunningLog(log);
    }

    /// The log of the process while it is open.
    record RunningLog(RotatingLog file) implements AutoCloseable {
        /// Lets other settings count from now on.
        void follow(LogConfig config) {
            OURS.setLevel(level(config.level()));
            file.limit(config.maxSize().bytes(), config.maxTotal().bytes());
        }

        @Override
        public void close() {
            ROOT.removeHandler(file);
            file.close();
        }
    }

    private static Level level(LogConfig.Detail detail) {
        return switch (detail) {
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
        };
    }
}
