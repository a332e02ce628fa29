package io.forebay.storage.object;

import io.forebay.storage.metadata.Stamp;
import java.util.List;

/// A change that takes something away and brings no bytes, so that those of many keys can be committed
/// together.
interface KeyRemoval<R> extends KeyChange<R> {
    /// What is to be committed here, of what is there; under the key's lock.
    Prepared<R> prepare(Redundancy.Turn turn, Copies copies, Stamp stamp);

    /// A removal that only has to be committed.
    ///
    /// @param changes in their order
    /// @param told what is told of it afterwards
    record Prepared<R>(List<Placed> changes, Announcements.Announcement told, R answer) {}
}
