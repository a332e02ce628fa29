package io.forebay.storage.object;

/// How given entries meet those that are there.
public enum MapChange {
    /// Exactly the given ones remain.
    REPLACE,
    /// The given ones are added or replaced; the others stay.
    MERGE
}
