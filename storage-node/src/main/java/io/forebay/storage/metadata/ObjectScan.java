package io.forebay.storage.metadata;

import org.jspecify.annotations.Nullable;

/// The scan over one volume's objects of a bucket.
public final class ObjectScan implements Scan {
    private final long bucketId;
    private final IndexCursor cursor;
    /// Where the next call of `next` goes; null for one step on.
    private byte @Nullable [] target;

    private byte[] key = new byte[0];
    private @Nullable String name;

    /// A scan that owns the cursor, which must end with the bucket.
    public ObjectScan(long bucketId, IndexCursor cursor) {
        this.bucketId = bucketId;
        this.cursor = cursor;
        this.target = IndexKeys.bucketStart(bucketId);
    }

    @Override
    public boolean next() {
        if (target != null) {
            cursor.seek(target);
            target = null;
        } else {
            cursor.next();
        }
        name = null;
        if (!cursor.isValid()) {
            return false;
        }
        key = cursor.key();
        return true;
    }

    @Override
    public String name() {
        if (name == null) {
            name = IndexKeys.name(key);
        }
        return name;
    }

    @Override
    public ObjectRecord record() {
        return ObjectRecord.of(cursor.value());
    }

    @Override
    public void seek(String from) {
        target = from.isEmpty() ? IndexKeys.bucketStart(bucketId) : IndexKeys.object(bucketId, from);
    }

    @Override
    public void seekPast(String prefix) {
        target = IndexKeys.pastPrefix(bucketId, prefix);
    }

    @Override
    public void close() {
        cursor.close();
    }

    /// The key of the object on which the scan stands.
    byte[] key() {
        return key;
    }
}
