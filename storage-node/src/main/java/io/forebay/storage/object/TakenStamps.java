package io.forebay.storage.object;

import io.forebay.storage.metadata.Stamp;
import java.util.concurrent.atomic.AtomicLongArray;

/// The stamps of changes that failed here when another holder may have taken them: no other change of the key is
/// to have one of them, or two holders could take different values for the same.
///
/// As many as there are stripes of locks, and in memory alone: what a restart forgets, `Held.digest` tells. Any
/// thread may call anything.
final class TakenStamps {
    private final AtomicLongArray versions = new AtomicLongArray(KeyLocks.STRIPES);

    /// Remembers one.
    void add(byte[] indexKey, Stamp stamp) {
        versions.accumulateAndGet(KeyLocks.stripe(indexKey), stamp.version(), Math::max);
    }

    /// A stamp of no epoch that counts no less than those of the key.
    Stamp newest(byte[] indexKey) {
        return new Stamp(0, versions.get(KeyLocks.stripe(indexKey)));
    }
}
