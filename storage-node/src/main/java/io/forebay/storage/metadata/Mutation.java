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

    /// Sets a value, whose location is filled in when its record is applied. A record has at most one.
    record Put(Family family, byte[] key, byte[] value, byte @Nullable [] before) implements Mutation {}

    record Remove(Family family, byte[] key, byte @Nullable [] before) implements Mutation {}

    /// Removes every key from `from` up to but without `to`.
    ///
    /// @param before the keys that are there, with their values
    record RemoveRange(Family family, byte[] from, byte[] to, List<Entry> before) implements Mutation {}

    /// A key with its value.
    record Entry(byte[] key, byte[] value) {}
}
