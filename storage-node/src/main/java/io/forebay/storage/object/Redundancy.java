package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import org.jspecify.annotations.Nullable;

/// What a node owes other nodes when it changes a key: whether it may, and that they have it too before it
/// has.
///
/// Every change of an object or of an upload goes through it, but for what comes from other nodes.
public interface Redundancy {
    /// A node that owes nobody anything.
    Redundancy ALONE = new Alone();

    /// Brings the bytes of an object that is being written to the key's other holders, as far as that is
    /// done before the key's lock is taken. The content can be read until the caller has closed what this
    /// returns.
    ///
    /// Throws NODE_UNAVAILABLE, NO_SPACE.
    Staged stage(Bucket bucket, ObjectKey key, Content content);

    /// Begins a change of a key, or of an upload of it. Short: locks are held.
    ///
    /// Throws NOT_OWNER, STALE_MAP and NODE_UNAVAILABLE when this node may not change the key now.
    Turn begin(Bucket bucket, ObjectKey key);

    /// Bytes that other holders keep until they are told what they belong to, or this is closed.
    interface Staged extends AutoCloseable {
        /// Nothing was staged.
        Staged NOTHING = () -> {};

        @Override
        void close();
    }

    /// Where the bytes of an object are that a change does not bring anew: those of a version of the same object, or
    /// its
    /// own.
    ///
    /// @param key that has them
    /// @param stamp of that
    record Base(ObjectKey key, Stamp stamp) {}

    /// A change of one key, for as long as it lasts.
    interface Turn extends AutoCloseable {
        /// The epoch of owners under which the change is made.
        long epoch();

        /// Whether other nodes hold the key too: `replicate` and `replicateRemoval` ask them.
        boolean isShared();

        /// What is known of other nodes' stamps of the key; the change's own is greater. NONE as a rule.
        Stamp floor();

        /// Whether other nodes may hold older values of the key, or may yet receive them, so that a removal must be
        /// remembered. It is where the key is shared.
        boolean leavesTombstone();

        /// Commits an object at the key's other holders, before it is committed here. Returns null when all
        /// have it, or the newest stamp that one of them has when that is not older: the caller may try
        /// again with a greater one. Throws NODE_UNAVAILABLE.
        ///
        /// @param description the object; its extents are null
        /// @param content the same bytes as were staged; or those of the base
        /// @param staged from `stage`, or NOTHING
        /// @param base whose bytes a holder takes if it has them; null for new ones
        @Nullable
        Stamp replicate(RecordDraft description, Content content, Staged staged, @Nullable Base base);

        /// Removes the object at the other holders; returns as `replicate` does.
        @Nullable
        Stamp replicateRemoval(Stamp stamp);

        /// Whether another holder may have taken something of this turn.
        boolean mayBeTaken();

        /// The same change where it concerns another version of the object. Nobody closes it.
        Turn of(ObjectKey version);

        @Override
        void close();
    }
}
