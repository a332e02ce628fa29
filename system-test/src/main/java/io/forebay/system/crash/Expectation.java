package io.forebay.system.crash;

import java.util.List;

/// What an object or bucket may hold after a crash.
///
/// @param floor what was acknowledged before
/// @param since what was begun and not acknowledged before: each may hold as well
/// @param older what it held earlier, by which a loss is told from wrong bytes
record Expectation(Entry entry, Value floor, List<Value> since, List<Value> older) {
    boolean mayBeAbsent() {
        return !floor.present() || since.stream().anyMatch(value -> !value.present());
    }

    boolean mayBePresent() {
        return floor.present() || since.stream().anyMatch(Value::present);
    }

    boolean isDoubtful() {
        return !since.isEmpty();
    }

    @Override
    public String toString() {
        return entry + " was " + floor + " (" + entry.durability().wireName() + ")"
                + (since.isEmpty() ? "" : ", perhaps replaced by " + since);
    }
}
