package io.forebay.gateway.core;

import io.forebay.cluster.state.Bucket;
import org.jspecify.annotations.Nullable;

/// The job that makes as many copies of a bucket's objects as were asked for: that of an epoch. Everything about it is
/// in its id, so that any gateway can tell of it.
///
/// @param epoch number of the epoch by which the copies are made, or were made
public record CopiesJob(long epoch, long bucketId) {
    /// AIStore's kind of it.
    public static final String KIND = "make-n-copies";

    private static final String PREFIX = "mirror-";

    static CopiesJob of(Bucket bucket, long epoch) {
        return new CopiesJob(epoch, bucket.id());
    }

    /// The id that clients see.
    public String id() {
        return PREFIX + epoch + "-" + bucketId;
    }

    /// The job of that id; null when it is none of these.
    public static @Nullable CopiesJob find(String id) {
        if (!id.matches(PREFIX + "\\d{1,18}-\\d{1,18}")) {
            return null;
        }
        int dash = id.lastIndexOf('-');
        return new CopiesJob(
                Long.parseLong(id.substring(PREFIX.length(), dash)), Long.parseLong(id.substring(dash + 1)));
    }
}
