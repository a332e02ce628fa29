package io.forebay.storage.object;

import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;

/// How messages call what an index entry is of.
final class EntryName {
    private EntryName() {}

    /// Such as `object a/b of bucket 3`: the name of a bucket is not known to a volume.
    static String of(Family family, byte[] key) {
        String name = IndexKeys.name(key);
        long bucket = IndexKeys.bucketId(key);
        return switch (family) {
            case UPLOADS -> "upload " + IndexKeys.uploadId(key) + " of " + name + " of bucket " + bucket;
            case PARTS -> "part " + IndexKeys.partNumber(key) + " of an upload of " + name + " of bucket " + bucket;
            case TOMBSTONES -> "tombstone of " + name + " of bucket " + bucket;
            case CURRENT, VERSIONS, MEMBERS, VOLUME -> "object " + name + " of bucket " + bucket;
        };
    }
}
