package io.forebay.storage.peer;

import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Held;
import org.jspecify.annotations.Nullable;

/// What a node says that it has of a key.
///
/// @param stamp of the newest that it has; `Stamp.NONE` when it has nothing
/// @param size of the object in bytes, 0 when it is none
/// @param digest `Held.digest`: changes that failed may have left objects of the same stamp
record Answer(Kind kind, Stamp stamp, long size, long digest) {
    static final Answer NOTHING = new Answer(Kind.NOTHING, Stamp.NONE, 0, 0);

    enum Kind {
        OBJECT,
        /// A tombstone.
        REMOVED,
        NOTHING
    }

    static Answer of(@Nullable Held held) {
        if (held == null) {
            return NOTHING;
        }
        return held.record() == null
                ? new Answer(Kind.REMOVED, held.stamp(), 0, held.digest())
                : new Answer(Kind.OBJECT, held.stamp(), held.record().size(), held.digest());
    }

    boolean isNewerThan(Answer other) {
        return kind != Kind.NOTHING && (other.kind == Kind.NOTHING || stamp.isNewerThan(other.stamp));
    }

    /// Whether both speak of the same change.
    boolean isSame(Answer other) {
        return kind == other.kind && stamp.equals(other.stamp) && Held.mayAgree(digest, other.digest);
    }
}
