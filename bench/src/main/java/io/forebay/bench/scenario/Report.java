package io.forebay.bench.scenario;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a run says while it runs, and what it keeps: tables go to a file of the recorded results when asked.
public final class Report {
    private final PrintStream out;
    private final StringBuilder kept = new StringBuilder();

    public Report(PrintStream out) {
        this.out = out;
    }

    /// Says what goes on; not kept.
    public void progress(String text) {
        out.println("  .. " + text);
        out.flush();
    }

    /// Shows and keeps a result.
    public void result(String text) {
        out.println(text);
        out.flush();
        kept.append(text).append('\n');
    }

    /// Keeps a result that was shown already.
    public void keep(String text) {
        kept.append(text).append('\n');
    }

    /// Writes what was kept to a file.
    public void record(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, kept.toString().stripTrailing() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
