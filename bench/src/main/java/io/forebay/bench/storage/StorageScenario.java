package io.forebay.bench.storage;

import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Launched;
import io.forebay.bench.scenario.Report;
import io.forebay.common.error.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The storage engine against floors on the same disk, row by row.
public final class StorageScenario {
    /// Rows by the store's API, each in a process of its own.
    private static final List<String> OWN_PROCESS = List.of("put", "get", "many", "parts", "overwrite");

    private static final List<String> ROWS =
            List.of("put", "get", "transfer", "list", "many", "restart", "parts", "overwrite");

    private final StorageConfig config;
    private final Home home;
    private final Report report;
    private final List<String> arguments;

    /// @param arguments what the configuration was made of, for the processes of single rows
    public StorageScenario(StorageConfig config, Home home, Report report, List<String> arguments) {
        this.config = config;
        this.home = home;
        this.report = report;
        this.arguments = List.copyOf(arguments);
        for (String row : config.only()) {
            Check.argument(ROWS.contains(row), "there is no row %s, only %s", row, ROWS);
        }
    }

    /// Where the data is: in the folder of the configuration, or where scenarios have theirs.
    public static Home home(StorageConfig config, Home home) {
        return config.folder().isEmpty()
                ? home
                : new Home(
                        home.root(),
                        Path.of(config.folder()).toAbsolutePath().resolve("forebay-bench-storage"),
                        home.user(),
                        home.processors(),
                        home.java());
    }

    /// Runs the rows that were chosen.
    public void run() {
        for (String row : config.only().isEmpty() ? ROWS : config.only()) {
            report.progress("row " + row);
            if (OWN_PROCESS.contains(row)) {
                launch(row);
            } else {
                switch (row) {
                    case "transfer" -> new TransferRow(config, home, report).run();
                    case "list" -> new ListRow(config, home, report).run();
                    case "restart" -> new RestartRow(config, home, report).run();
                    default -> throw new IllegalArgumentException("no row " + row);
                }
            }
        }
    }

    /// Runs one row in this process and leaves its result in the row's folder.
    public static void runRow(String name, StorageConfig config, Home home, Report report) {
        Path folder = home.folder("row-" + name);
        new Row(config, folder, report).run(name);
        report.record(home.folder("log").resolve(name + ".txt"));
        Folders.remove(folder);
    }

    private void launch(String row) {
        List<String> command = new ArrayList<>(home.java());
        command.addAll(List.of(config.run().javaOptions().strip().split("\\s+", -1)));
        command.addAll(List.of("-Dforebay.root=" + home.root(), "-Dforebay.processors=" + home.processors()));
        command.addAll(List.of("io.forebay.bench.BenchMain", "storage-row", row));
        command.addAll(arguments);
        try (Launched process = Launched.startOnAll(home, "row-" + row, command, Map.of())) {
            process.awaitEnd();
            report.progress("row " + row + ":\n" + process.output());
            Check.that(process.succeeded(), "row %s failed: %s", row, process.output());
        }
        try {
            report.keep(Files.readString(home.folder("log").resolve(row + ".txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
