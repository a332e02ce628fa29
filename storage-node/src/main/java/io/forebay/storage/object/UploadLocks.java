package io.forebay.storage.object;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;

/// One lock for each upload, as good as: shared by the commits of its parts and exclusive for its end. Taken before
/// a key's lock.
final class UploadLocks {
    private static final int STRIPES = 256;

    private final StampedLock[] stripes = new StampedLock[STRIPES];

    UploadLocks() {
        Arrays.setAll(stripes, stripe -> new StampedLock());
    }

    StampedLock of(String uploadId) {
        return stripes[Math.floorMod(uploadId.hashCode(), STRIPES)];
    }

    /// Returns when everyone who held a lock when this was called has let it go.
    void awaitHolders() {
        for (StampedLock lock : stripes) {
            lock.unlockWrite(lock.writeLock());
        }
    }
}
