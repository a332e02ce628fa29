package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that the volumes have of one key: one copy as a rule, more for as long as one that is being
/// replaced or moved has not gone, and perhaps one that nobody can see.
///
/// @param found the copies on volumes that serve, the valid one first
/// @param doubtful the volumes out of service that may have one which counts
record Copies(List<Copy> found, List<Member> doubtful) {

    /// The record of a key on one volume.
    record Copy(VolumeStore store, ObjectRecord record) {
        /// Whether this one is newer: copies that the mover made are equal.
        boolean isNewerThan(Copy other) {
            return record.isNewerThan(other.record);
        }
    }

    /// The valid copy, or null.
    @Nullable
    Copy best() {
        return found.isEmpty() ? null : found.getFirst();
    }

    /// The record of the valid copy, or null.
    @Nullable
    ObjectRecord record() {
        return found.isEmpty() ? null : found.getFirst().record;
    }

    /// The record that a volume has, or null.
    @Nullable
    ObjectRecord on(VolumeStore store) {
        for (Copy copy : found) {
            if (copy.store.equals(store)) {
                return copy.record;
            }
        }
        return null;
    }

    /// How durable a write on a volume must be that is asked for with that durability: what it replaces
    /// elsewhere is taken away for good when it is there, so that it must not be lost itself.
    Durability durability(Durability asked, VolumeStore target) {
        boolean elsewhere = !doubtful.isEmpty();
        for (Copy copy : found) {
            elsewhere |= !copy.store.equals(target);
        }
        return elsewhere && asked == Durability.NONE ? Durability.GROUP : asked;
    }

    /// Throws VOLUME_FAILED when nobody can say whether the object is there.
    void requireCertain(String what) {
        if (found.isEmpty() && !doubtful.isEmpty()) {
            throw unknown(what);
        }
    }

    /// Throws VOLUME_FAILED when conditions cannot be judged.
    void requireCertain(String what, Conditions conditions) {
        if (!conditions.equals(Conditions.NONE)) {
            requireCertain(what);
        }
    }

    private StoreException unknown(String what) {
        return Membership.unknown(what, doubtful);
    }
}
