package io.forebay.storage.object;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One volume of the node as the set of volumes knows it.
///
/// @param id the volume's, forever
/// @param path of its folder
/// @param reason why it is in that state; empty when nobody said
/// @param absentSince numbers in ascending order when volumes went out of service; 0 for one that is in service
/// @param store the open volume; null when it does not serve
record Member(
        String id,
        String path,
        VolumeStatus.State state,
        String reason,
        long absentSince,
        @Nullable VolumeStore store) {

    /// A volume that is in service.
    static Member serving(String path, VolumeStatus.State state, VolumeStore store) {
        return new Member(store.volume().toString(), path, state, "", 0, store);
    }

    /// The same, out of service.
    Member absent(VolumeStatus.State next, String why, long since) {
        return new Member(id, path, next, why, since, null);
    }

    /// The same, open but taking no writes any more because of that.
    Member failing(String why) {
        return new Member(id, path, VolumeStatus.State.FAILED, why, absentSince, store);
    }

    boolean takesWrites() {
        return store != null && state == VolumeStatus.State.ENABLED;
    }

    boolean isAbsent() {
        return store == null;
    }

    /// The number that placement hashes.
    long hash() {
        VolumeStore open = store;
        return open == null
                ? UUID.fromString(id).getMostSignificantBits()
                : open.volume().hash();
    }

    /// How messages name it.
    @Override
    public String toString() {
        return "volume " + id + " (" + path + ")";
    }
}
