package io.forebay.cluster.process;

import io.forebay.common.error.Check;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.time.InstantSource;
import java.util.List;

/// The log of a process as its nodes show it: the file that is written to, from an offset and a severity on,
/// or all files as an archive.
public final class ProcessLog {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String ARCHIVE = "application/gzip";

    private final LogFolder folder;
    private final InstantSource clock;

    public ProcessLog(LogFolder folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// Answers `what=log`. An offset counts the bytes of what is shown at that severity. Throws
    /// INVALID_ARGUMENT, also for an offset beyond the end, which tells a client that follows the log of its
    /// being moved aside.
    public Reply answer(Query query) {
        Severity severity = Severity.parse(query.find(AisQuery.SEVERITY, ""));
        if (AisQuery.isTrue(query.find(AisQuery.ALL, ""))) {
            return reply(ARCHIVE, new Payload.Stream(archive(severity)));
        }
        return reply(TEXT, current(severity, offset(query.find(AisQuery.OFFSET, ""))));
    }

    /// Moves the current file aside, if anything is in it.
    public void rotate() {
        folder.rotate();
    }

    private LogArchive archive(Severity severity) {
        List<LogFile> files = folder.open();
        try {
            return new LogArchive(files, severity, clock.instant().getEpochSecond());
        } catch (RuntimeException failure) {
            files.forEach(LogFile::close);
            throw failure;
        }
    }

    private Payload current(Severity severity, long offset) {
        List<LogFile> files = folder.open();
        if (files.isEmpty()) {
            return Payload.none();
        }
        files.subList(1, files.size()).forEach(LogFile::close);
        try {
            LogEntries entries = new LogEntries(files.getFirst(), severity);
            Check.argument(
                    offset <= entries.length(),
                    "log likely rotated (offset %s, size %s): read it from the beginning",
                    offset,
                    entries.length());
            entries.skip(offset);
            return new Payload.Stream(entries);
        } catch (RuntimeException failure) {
            files.getFirst().close();
            throw failure;
        }
    }

    private static Reply reply(String type, Payload payload) {
        return new Reply(200, new Headers().add("Content-Type", type), payload);
    }

    private static long offset(String text) {
        boolean isNumber = !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        Check.argument(text.isEmpty() || isNumber, "invalid offset \"%s\"", text);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
