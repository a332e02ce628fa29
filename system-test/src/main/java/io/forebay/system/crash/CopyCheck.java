package io.forebay.system.crash;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import java.util.HashMap;
import java.util.Map;

/// Starts a server on the copy of a disk and compares it with the history. The server is of this process, which is
/// faster, and closes in the background, which takes a second of waiting.
final class CopyCheck {
    private final Counts counts;
    private final Durations restarts = new Durations();
    private final Map<DiskImage, Thread> closing = new HashMap<>();

    CopyCheck(Counts counts) {
        this.counts = counts;
    }

    /// Counts what is not as expected. Until `awaitClosed` the disk is in use.
    ///
    /// @param cut names the cut in words
    void check(DiskImage image, History.Expected expected, String cut) {
        long begin = System.nanoTime();
        image.mount();
        Map<String, String> settings = CrashSettings.all();
        settings.put("server.storage-nodes", "1");
        WarningLog log = new WarningLog();
        try {
            Cluster cluster = Cluster.start(image.mountPoint().resolve("data"), settings, GivenKeys.NONE);
            restarts.addSince(begin);
            new Verification(cluster.url(), counts, true).check(expected);
            closing.put(image, Thread.ofVirtual().start(() -> close(image, cluster, log, cut)));
        } catch (RuntimeException failure) {
            log.close();
            counts.find(counts.unclean, cut + ": no server on the copy: " + failure);
        }
    }

    /// Waits until the server on that disk, if there was one, has let it go.
    void awaitClosed(DiskImage image) {
        Thread thread = closing.remove(image);
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

    private void close(DiskImage image, Cluster cluster, WarningLog log, String cut) {
        try (log) {
            cluster.close();
            image.unmount();
        } catch (RuntimeException failure) {
            counts.find(counts.unclean, cut + ": the server on the copy does not close: " + failure);
        }
        log.lines().forEach(line -> counts.find(counts.unclean, cut + ": " + line));
    }
}
