package io.forebay.system.history;

import java.util.List;

/// What became of a load.
///
/// @param operations on all keys; a page of a list counts for each key in its range
/// @param answered requests
/// @param unknown requests without an answer, or with a failure that says nothing
/// @param notSent requests for which nobody took a connection
/// @param configurations the most that the checker had to keep of one key at a time
/// @param wrong what must not be: answers that no order explains, wrong bytes, unknown names, silence
/// @param texts about those, not all when there are many
public record HistoryReport(
        int keys,
        long operations,
        long answered,
        long unknown,
        long notSent,
        int configurations,
        long wrong,
        List<String> texts) {
    public HistoryReport {
        texts = List.copyOf(texts);
    }

    public boolean isRight() {
        return wrong == 0;
    }
}
