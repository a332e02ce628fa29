package io.forebay.system.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How long something took each time, in milliseconds. Not safe to share.
final class Durations {
    private final List<Long> millis = new ArrayList<>();

    /// @param nanos when it began, by `System.nanoTime`
    void addSince(long nanos) {
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos));
    }

    long median() {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    long longest() {
        return millis.isEmpty() ? 0 : Collections.max(millis);
    }
}
