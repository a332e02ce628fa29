package io.forebay.storage.volume;

import java.util.List;

/// Makes the records of the log visible.
@FunctionalInterface
public interface LogApplier<E extends LogEntry> {
    /// Applies one group of records, all at once. Groups come in log order, one at a time. A record whose
    /// durability asks for it is on stable storage by now. What this throws fails the volume for writes.
    ///
    /// @param end the log's position behind the group
    void apply(List<E> group, LogPosition end);
}
