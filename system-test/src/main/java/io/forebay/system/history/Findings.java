package io.forebay.system.history;

import io.forebay.system.server.RawHttp.Answer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/// What a run of clients counted, and what they were told that nobody should be told. Safe to share between
/// threads.
final class Findings {
    private static final int MAX_TEXTS = 20;

    private final AtomicLong answered = new AtomicLong();
    private final Map<String, AtomicLong> unknown = new ConcurrentSkipListMap<>();
    private final AtomicLong notSent = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();

    void answered() {
        answered.incrementAndGet();
    }

    /// A failure that says nothing of what became of the request.
    void failed(Answer answer) {
        unknown("status " + answer.status());
    }

    void unanswered() {
        unknown("no answer");
    }

    private void unknown(String why) {
        unknown.computeIfAbsent(why, word -> new AtomicLong()).incrementAndGet();
    }

    void notSent() {
        notSent.incrementAndGet();
    }

    void add(String text) {
        if (count.incrementAndGet() <= MAX_TEXTS) {
            texts.add(text);
        }
    }

    long answeredCount() {
        return answered.get();
    }

    Map<String, Long> unknownCounts() {
        Map<String, Long> counts = new TreeMap<>();
        unknown.forEach((why, number) -> counts.put(why, number.get()));
        return counts;
    }

    long notSentCount() {
        return notSent.get();
    }

    long count() {
        return count.get();
    }

    List<String> texts() {
        return List.copyOf(texts);
    }
}
