package io.forebay.system.crash;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// Starts a server on a copy of its disks and compares it with the history. The server is of this process, which is
/// faster, and closes in the background, which takes a second of waiting.
final class CopyCheck {
    private final Counts counts;
    private final Durations restarts = new Durations();
    private final Map<Disks, Thread> closing = new HashMap<>();

    CopyCheck(Counts counts) {
        this.counts = counts;
    }

    /// Counts what is not as expected. Until `awaitClosed` the disks are in use.
    ///
    /// @param cut names the cut in words
    void check(Disks disks, History.Expected expected, String cut) {
        long begin = System.nanoTime();
        mount(disks);
        Map<String, String> settings = CrashSettings.all();
        settings.put("server.storage-nodes", "1");
        WarningLog log = new WarningLog();
        try {
            Cluster cluster = Cluster.start(disks.data(), settings, GivenKeys.NONE);
            restarts.addSince(begin);
            new Verification(cluster.url(), counts, true).check(expected);
            closing.put(disks, Thread.ofVirtual().start(() -> close(disks, cluster, log, cut)));
        } catch (RuntimeException failure) {
            log.close();
            counts.find(counts.unclean, cut + ": no server on the copy: " + failure);
        }
    }

    private static void mount(Disks disks) {
        try {
            disks.mount();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the server on these disks, if there was one, has let them go.
    void awaitClosed(Disks disks) {
        Thread thread = closing.remove(disks);
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    long medianRestartMillis() {
        return restarts.median();
    }

    private void close(Disks disks, Cluster cluster, WarningLog log, String cut) {
        try (log) {
            cluster.close();
            disks.unmount();
        } catch (RuntimeException failure) {
            counts.find(counts.unclean, cut + ": the server on the copy does not close: " + failure);
        }
        log.lines().forEach(line -> counts.find(counts.unclean, cut + ": " + line));
    }
}
