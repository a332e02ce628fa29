package io.forebay.storage.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One change of the index, as a log record carries it.
///
/// What was there before is not in the log: the writer knows it from holding the key's lock, replay looks it up. It
/// says which space becomes free.
@SuppressWarnings("ArrayRecordComponent") // Encoded bytes, which nobody compares by these records.
public sealed interface Mutation {
    Family family();

    /// Sets a value, whose location is filled in when its record is applied. Of the puts of a record one at most has
    /// the record's own bytes.
    record Put(Family family, byte[] key, byte[] value, byte @Nullable [] before) implements Mutation {}

    /// Removes a key, if its value was put by a record in the segment `until` or an older one: so the removal may be
    /// repeated later in the log, for as long as such a segment is there, and hits nothing that came after it.
    record Remove(Family family, byte[] key, byte @Nullable [] before, long until) implements Mutation {
        /// Removes what is there.
        public Remove(Family family, byte[] key, byte @Nullable [] before) {
            this(family, key, before, before == null ? NOTHING : Location.segment(before));
        }
    }

    /// Removes every key from `from` up to but without `to` whose value was put by a record in the segment `until`
    /// or an older one.
    ///
    /// @param before the keys that are there, with their values
    record RemoveRange(Family family, byte[] from, byte[] to, List<Entry> before, long until) implements Mutation {
        /// Removes what is there.
        public RemoveRange(Family family, byte[] from, byte[] to, List<Entry> before) {
            this(family, from, to, before, youngest(before));
        }

        private static long youngest(List<Entry> entries) {
            long youngest = NOTHING;
            for (Entry entry : entries) {
                youngest = Math.max(youngest, Location.segment(entry.value()));
            }
            return youngest;
        }
    }

    /// As `until`: there was nothing to remove.
    long NOTHING = 0;

    /// As `until`: removes whatever there is, as removals of format 1 do.
    long ANYTHING = Long.MAX_VALUE;

    /// A key with its value.
    record Entry(byte[] key, byte[] value) {}
}
