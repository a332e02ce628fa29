package io.forebay.cluster.rule;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// What texts of properties say, each read once while it is in use. Safe to share between threads.
public final class ReadOnce<R> {
    private static final int MAX_KEPT = 1000;

    private final ConcurrentHashMap<String, R> kept = new ConcurrentHashMap<>();
    private final Function<String, R> reader;

    public ReadOnce(Function<String, R> reader) {
        this.reader = reader;
    }

    public R of(String text) {
        R known = kept.get(text);
        if (known != null) {
            return known;
        }
        R read = reader.apply(text);
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(text, read);
        return read;
    }
}
