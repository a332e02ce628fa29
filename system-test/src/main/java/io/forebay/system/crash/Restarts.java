package io.forebay.system.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How long starts took, in milliseconds. Not safe to share.
final class Restarts {
    private final List<Long> millis = new ArrayList<>();

    void add(long took) {
        millis.add(took);
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
