package io.forebay.system.history;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of a load.
///
/// @param operations on all keys; a page of a list counts for each key in its range
/// @param answered requests
/// @param unknown requests without an answer, or with a failure that says nothing, by what there was instead
/// @param notSent requests for which nobody took a connection
/// @param configurations the most that the checker had to keep of one key at a time
/// @param wrong what must not be: answers that no order explains, wrong bytes, unknown names, silence
/// @param texts about those, not all when there are many
public record HistoryReport(
        int keys,
        long operations,
        long answered,
        Map<String, Long> unknown,
        long notSent,
        int configurations,
        long wrong,
        List<String> texts) {
    public HistoryReport {
        unknown = Collections.unmodifiableSortedMap(new TreeMap<>(unknown));
        texts = List.copyOf(texts);
    }

    public boolean isRight() {
        return wrong == 0;
    }
}
