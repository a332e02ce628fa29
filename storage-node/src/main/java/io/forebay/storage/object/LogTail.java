package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.MutationCodec;
import io.forebay.storage.volume.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the log says beyond the index on disk: the changes that the next start would replay, in memory.
///
/// Bounded by the setting `index.replay`.
final class LogTail {
    private final Map<Family, NavigableMap<byte[], Change>> changes = new EnumMap<>(Family.class);
    private final List<Mutation.RemoveRange> ranges = new ArrayList<>();

    LogTail() {
        for (Family family : Family.values()) {
            changes.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    /// The last change of a key.
    ///
    /// @param value null where it was removed
    @SuppressWarnings("ArrayRecordComponent") // Encoded bytes, which nobody compares by this record.
    record Change(byte @Nullable [] value, Durability durability) {}

    /// Adds a record, which comes after all those that were added before. Throws CORRUPT.
    void add(LogRecord record) {
        for (Mutation mutation : MutationCodec.read(record.operations())) {
            switch (mutation) {
                case Mutation.Put put -> {
                    IndexApplier.place(put, record.segment(), record.offset(), record.overhead());
                    of(put.family()).put(put.key(), new Change(put.value(), record.durability()));
                }
                case Mutation.Remove remove -> {
                    if (!isYounger(of(remove.family()).get(remove.key()), remove.until())) {
                        of(remove.family()).put(remove.key(), new Change(null, record.durability()));
                    }
                }
                case Mutation.RemoveRange range -> {
                    ranges.add(range);
                    of(range.family())
                            .subMap(range.from(), true, range.to(), false)
                            .values()
                            .removeIf(change -> !isYounger(change, range.until()));
                }
            }
        }
    }

    /// Whether a removal up to that segment does not hit a change.
    private static boolean isYounger(@Nullable Change change, long until) {
        byte[] value = change == null ? null : change.value;
        return value != null && Location.segment(value) > until;
    }

    /// Whether the tail says something of that key, so that what the index on disk says is old.
    boolean changes(Family family, byte[] key) {
        if (of(family).containsKey(key)) {
            return true;
        }
        for (Mutation.RemoveRange range : ranges) {
            if (range.family() == family
                    && Arrays.compareUnsigned(key, range.from()) >= 0
                    && Arrays.compareUnsigned(key, range.to()) < 0) {
                return true;
            }
        }
        return false;
    }

    /// The last changes of single keys.
    Map<byte[], Change> all(Family family) {
        return of(family);
    }

    private NavigableMap<byte[], Change> of(Family family) {
        NavigableMap<byte[], Change> found = changes.get(family);
        if (found == null) {
            throw new IllegalStateException("no changes of " + family);
        }
        return found;
    }
}
