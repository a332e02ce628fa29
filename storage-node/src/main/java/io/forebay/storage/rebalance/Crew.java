package io.forebay.storage.rebalance;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Works on many things at once, each on one of a few virtual threads.
///
/// They are never interrupted: an interrupt would close the files that they are at. Whoever waits for them
/// is, and then no further thing is begun.
final class Crew {
    private final int size;
    private final BooleanSupplier goesOn;

    /// @param goesOn false when no further thing is to be begun
    Crew(int size, BooleanSupplier goesOn) {
        this.size = size;
        this.goesOn = goesOn;
    }

    /// Returns when all that was begun has ended. Throws the first thing's failure.
    <T> void each(List<T> things, Consumer<T> work) {
        AtomicInteger next = new AtomicInteger();
        Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
        Runnable task = () -> {
            try {
                while (failures.isEmpty() && goesOn.getAsBoolean()) {
                    int index = next.getAndIncrement();
                    if (index >= things.size()) {
                        return;
                    }
                    work.accept(things.get(index));
                }
            } catch (RuntimeException e) {
                failures.add(e);
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int count = Math.min(size, things.size()); count > 0; count--) {
            threads.add(Thread.ofVirtual().name("forebay-rebalance").start(task));
        }
        if (join(threads, next, things.size())) {
            Thread.currentThread().interrupt();
        }
        RuntimeException first = failures.peek();
        if (first != null) {
            throw first;
        }
    }

    /// Whether there was an interrupt.
    private static boolean join(List<Thread> threads, AtomicInteger next, int end) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            boolean ended = false;
            while (!ended) {
                try {
                    thread.join();
                    ended = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                    next.set(end);
                }
            }
        }
        return interrupted;
    }
}
