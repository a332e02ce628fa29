package io.forebay.storage.object;

import java.util.Arrays;
import java.util.List;

/// The volumes of a node, and which of them has an object: rendezvous hashing, so that a volume that comes or goes
/// moves only its own share.
final class VolumeSet {
    private final List<VolumeStore> stores;

    VolumeSet(List<VolumeStore> stores) {
        this.stores = List.copyOf(stores);
    }

    List<VolumeStore> all() {
        return stores;
    }

    /// The volume that has, or is to have, the object of that index key.
    VolumeStore of(byte[] key) {
        if (stores.size() == 1) {
            return stores.getFirst();
        }
        long hash = Arrays.hashCode(key) * 0x9E3779B97F4A7C15L;
        VolumeStore best = stores.getFirst();
        long bestScore = Long.MIN_VALUE;
        for (VolumeStore store : stores) {
            long score = score(hash, store.volume().hash());
            if (score > bestScore) {
                best = store;
                bestScore = score;
            }
        }
        return best;
    }

    private static long score(long hash, long volume) {
        long mixed = (hash ^ volume) * 0xFF51AFD7ED558CCDL;
        mixed ^= mixed >>> 32;
        mixed *= 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 29;
    }
}
