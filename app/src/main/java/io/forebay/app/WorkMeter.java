package io.forebay.app;

import io.forebay.common.config.DataSize;
import io.forebay.common.time.Ticker;
import io.forebay.storage.object.WorkProgress;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/// Prints how far a long piece of work has come, a line every few seconds.
final class WorkMeter implements WorkProgress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream err;
    private final String subject;
    private final Ticker ticker;
    private long next;

    WorkMeter(PrintStream err, String subject, Ticker ticker) {
        this.err = err;
        this.subject = subject;
        this.ticker = ticker;
        this.next = ticker.nanos() + INTERVAL_NANOS;
    }

    @Override
    public void at(String phase, long done, long total) {
        long now = ticker.nanos();
        if (now - next >= 0) {
            next = now + INTERVAL_NANOS;
            String of = total > 0 ? " of " + new DataSize(total) : "";
            err.println(subject + ": " + phase + " " + new DataSize(done) + of);
        }
    }
}
