package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.storage.volume.WatchedDisk;
import org.jspecify.annotations.Nullable;

/// Says which volume is to go out of service because its disk fails: one failed write or sync is enough, as nobody
/// knows then what is on the disk; of reads it takes many, since a disk may have single bad places.
record Health(int maxReadErrors) {

    /// Why a volume is to go out of service, or null.
    @Nullable
    String verdict(VolumeStore store) {
        StoreException failure = store.failure();
        if (failure != null) {
            return failure.text();
        }
        WatchedDisk disk = store.disk();
        if (disk.writeErrors() > 0) {
            return "its disk failed a write: " + disk.lastError();
        }
        return disk.readErrors() >= maxReadErrors
                ? "its disk failed " + disk.readErrors() + " reads (limit max-read-errors): " + disk.lastError()
                : null;
    }
}
