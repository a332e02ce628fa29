package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One object or bucket in the history: what it holds for sure, and what it may hold instead. Only its history
/// touches it, except for the names.
final class Entry {
    private static final int REMEMBERED = 1000;

    private final String bucket;
    private final String object;
    private final Durability durability;

    private Value acknowledged = Value.ABSENT;
    private @Nullable Value pending;
    /// Whether that was begun after the crash that is about to be looked at.
    private boolean late;

    /// What was acknowledged when the last mark was set, and everything begun since.
    private Value floor = Value.ABSENT;

    private final List<Value> since = new ArrayList<>();
    private final Deque<Value> older = new ArrayDeque<>();

    /// @param object empty for the bucket itself
    Entry(String bucket, String object, Durability durability) {
        this.bucket = bucket;
        this.object = object;
        this.durability = durability;
    }

    String bucket() {
        return bucket;
    }

    String object() {
        return object;
    }

    boolean isBucket() {
        return object.isEmpty();
    }

    Durability durability() {
        return durability;
    }

    Value acknowledged() {
        return acknowledged;
    }

    /// Whether nobody knows what it holds, until it is settled.
    boolean isDoubtful() {
        return pending != null;
    }

    /// @param isLate whether it is begun after the crash that is about to be looked at
    void begin(Value value, boolean isLate) {
        pending = value;
        late = isLate;
        if (!late) {
            since.add(value);
        }
    }

    /// What was begun last has not been done and will not be.
    void withdraw(Value value) {
        pending = null;
        if (!late) {
            since.remove(since.lastIndexOf(value));
        }
    }

    void acknowledge(Value value, boolean marked) {
        if (older.size() == REMEMBERED) {
            older.removeFirst();
        }
        older.addLast(acknowledged);
        acknowledged = value;
        pending = null;
        if (!marked) {
            forgetSince();
        }
    }

    Expectation expectation() {
        return new Expectation(this, floor, List.copyOf(since), List.copyOf(older));
    }

    /// Ends the time since the mark.
    void forgetSince() {
        floor = acknowledged;
        since.clear();
        Value open = pending;
        late = false;
        if (open != null) {
            since.add(open);
        }
    }

    /// It was looked at, and holds this.
    void settle(Value value) {
        acknowledged = value;
        pending = null;
        forgetSince();
    }

    @Override
    public String toString() {
        return isBucket() ? bucket : bucket + "/" + object;
    }
}
