package io.forebay.system.history;

import io.forebay.system.history.Operation.Call;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The name of an object and all that was done with it. Safe to share between threads.
final class Key {
    private static final int MAX_OPERATIONS = 150;
    private static final int MAX_UNKNOWN = 10;

    private final String name;
    private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();

    Key(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void add(Operation operation) {
        operations.add(operation);
        if (operation.call() != Call.LIST) {
            count.incrementAndGet();
        }
        if (operation.isUnknown() && operation.mayChange()) {
            unknown.incrementAndGet();
        }
    }

    /// Whether its history is as long, or has as much in doubt, as can be checked in short time.
    boolean isUsedUp() {
        return count.get() >= MAX_OPERATIONS || unknown.get() >= MAX_UNKNOWN;
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }
}
