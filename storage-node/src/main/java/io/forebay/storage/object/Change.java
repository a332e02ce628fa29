package io.forebay.storage.object;

import io.forebay.storage.metadata.ObjectRecord;
import org.jspecify.annotations.Nullable;

/// What becomes of an object by one change.
///
/// @param record what it is now, or null for what is removed; without its place
/// @param number greater than that of each earlier change, and by the clock where those were another node's
public record Change(Kind kind, @Nullable ObjectRecord record, long number) {
    public enum Kind {
        WRITTEN,
        /// Made of uploaded parts.
        COMPLETED,
        REMOVED,
        /// A delete marker says that it is not there any more.
        MARKED
    }
}
