package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The buckets that refuse writes. Whoever commits asks under the key's lock, so that after a bucket was closed and
/// every lock was free once, no commit to it is left.
final class WriteGate {
    private final Set<Long> refusing = ConcurrentHashMap.newKeySet();

    void close(long bucketId) {
        refusing.add(bucketId);
    }

    void open(long bucketId) {
        refusing.remove(bucketId);
    }

    boolean isClosed(long bucketId) {
        return refusing.contains(bucketId);
    }

    /// Throws NO_SUCH_BUCKET when the bucket refuses writes.
    void check(long bucketId, ObjectKey key) {
        if (refusing.contains(bucketId)) {
            throw new StoreException(
                    ErrorCode.NO_SUCH_BUCKET, "bucket " + key.bucket() + " does not exist or is being removed");
        }
    }
}
