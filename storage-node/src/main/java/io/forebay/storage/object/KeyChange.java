package io.forebay.storage.object;

import io.forebay.storage.metadata.Stamp;
import org.jspecify.annotations.Nullable;

/// One change of an object that begins on this node, in the steps that `KeyChanges` takes. For one use.
interface KeyChange<R> {
    /// Judges by what is there, changing nothing; under the key's lock. Null to go on, else the answer.
    /// Throws when a condition does not hold.
    @Nullable
    R judge(Copies copies, Stamp known);

    /// Whether its answer tells what was there before, so that the same change made once more may answer otherwise.
    boolean tellsWhatWas();

    /// A stamp than which the change's own is to be newer, apart from those that this node knows.
    default Stamp floor() {
        return Stamp.NONE;
    }

    /// Makes the change at the key's other holders, under that stamp. Returns the newest stamp that stands
    /// in the way, or null.
    @Nullable
    Stamp replicate(Redundancy.Turn turn, Stamp stamp);

    /// Makes the change here, of what is there; under the key's lock.
    R commit(Redundancy.Turn turn, Copies copies, Stamp stamp);
}
