package io.forebay.app;

import io.forebay.cluster.process.RunningSettings;
import io.forebay.common.config.Settings;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The settings of the log, which count at once when they are changed.
final class LogSettings implements RunningSettings.Target {
    private static final String PREFIX = "log.";
    private static final Settings<LogConfig> KEYS = Settings.of(LogConfig.class);

    private final Logging.RunningLog log;

    private LogSettings(Logging.RunningLog log) {
        this.log = log;
    }

    /// The settings of a process that writes this log.
    ///
    /// @param started what the process was started with, by key
    static RunningSettings of(Map<String, String> started, Logging.RunningLog log) {
        return new RunningSettings(
                started,
                KEYS.list().stream().map(setting -> PREFIX + setting.key()).collect(Collectors.toSet()),
                new LogSettings(log));
    }

    @Override
    public Runnable prepare(Map<String, String> values) {
        Map<String, String> ours = new TreeMap<>();
        values.forEach((key, value) -> ours.put(key.substring(PREFIX.length()), value));
        LogConfig next = KEYS.bind(ours);
        return () -> log.follow(next);
    }
}
