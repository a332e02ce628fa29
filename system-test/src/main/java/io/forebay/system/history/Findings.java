package io.forebay.system.history;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// What a run of clients counted, and what they were told that nobody should be told. Safe to share between
/// threads.
final class Findings {
    private static final int MAX_TEXTS = 20;

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong notSent = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();

    void answered() {
        answered.incrementAndGet();
    }

    void unknown() {
        unknown.incrementAndGet();
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

    long unknownCount() {
        return unknown.get();
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
