package io.forebay.storage.object;

import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import org.jspecify.annotations.Nullable;

/// What this node has of a key: an object, or a tombstone.
///
/// @param stamp of the newest that it has
/// @param record of the object; null when it was removed under that stamp
public record Held(Stamp stamp, @Nullable ObjectRecord record) {
    static Held of(ObjectRecord record) {
        return new Held(record.stamp(), record);
    }

    /// What tells an object from another one of the same stamp; 0 for a tombstone.
    public long digest() {
        return record == null ? 0 : RecordDraft.describing(record).digest();
    }

    /// Whether two digests may be those of one object: what has none, which is 0, is told apart by its kind, or comes
    /// from a node of an earlier version.
    public static boolean mayAgree(long some, long other) {
        return some == other || some == 0 || other == 0;
    }
}
