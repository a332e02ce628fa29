package io.forebay.storage.object;

import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a read found.
public sealed interface ReadOutcome {

    /// The object, and its bytes as far as they were chosen: record and slices belong to the same commit. The
    /// receiver owns the slices and closes each.
    record Found(ObjectRecord record, List<FileSlice> slices) implements ReadOutcome {}

    /// There is no such object.
    record Absent() implements ReadOutcome {
        static final Absent INSTANCE = new Absent();
    }

    /// The answer is not in memory, and the caller would not wait.
    record WouldWait() implements ReadOutcome {
        static final WouldWait INSTANCE = new WouldWait();
    }

    /// Decides from an object's record which bytes of it are wanted; called once for every record that the read
    /// meets (again when the object was replaced meanwhile), so it must not have effects that cannot happen twice.
    @FunctionalInterface
    interface Choice {
        /// Only the record.
        Choice RECORD_ONLY = record -> null;

        /// All bytes.
        Choice ALL = record -> record.size() == 0 ? null : new ByteRange(0, record.size());

        /// The range to open, inside the object; null for none.
        @Nullable
        ByteRange of(ObjectRecord record);

        /// Whether it looks into what is kept beside the object: then the other `of` is called, and the read
        /// may wait.
        default boolean looksBeside() {
            return false;
        }

        /// As `of`, with what is kept beside the object.
        default @Nullable ByteRange of(ObjectRecord record, Sidecar sidecar) {
            return of(record);
        }
    }
}
