package io.forebay.storage.object;

import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Tombstone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cursor over what a node has of one bucket, in UTF-8 byte order of names: for each name the newest object or
/// tombstone, and where versions are wanted the same for each of them, behind the object.
///
/// Sees the bucket as it was when it was made. For one thread at a time; whoever made it closes it.
public final class HeldScan implements AutoCloseable {
    private final long bucketId;
    private final boolean hasVersions;
    private final List<Row> rows;
    private @Nullable Held held;
    private String name = "";
    private String version = "";

    private HeldScan(long bucketId, boolean hasVersions, List<Row> rows) {
        this.bucketId = bucketId;
        this.hasVersions = hasVersions;
        this.rows = rows;
        seek("");
    }

    /// The keys of one family on one volume.
    private record Row(Family family, IndexCursor cursor) {
        Held held() {
            byte[] value = cursor.value();
            return family == Family.TOMBSTONES
                    ? new Held(Tombstone.of(value).stamp(), null)
                    : Held.of(ObjectRecord.of(value));
        }

        /// Tombstones of uploads are no objects.
        boolean isPassedOver(boolean hasVersions) {
            return family == Family.TOMBSTONES
                    && (IndexKeys.isUpload(cursor.key()) || (!hasVersions && IndexKeys.isVersion(cursor.key())));
        }
    }

    /// Over objects alone.
    static HeldScan ofObjects(long bucketId, List<VolumeStore> stores) {
        return of(bucketId, stores, false, List.of(Family.CURRENT, Family.TOMBSTONES));
    }

    /// Over objects and versions.
    static HeldScan ofAll(long bucketId, List<VolumeStore> stores) {
        return of(bucketId, stores, true, List.of(Family.CURRENT, Family.VERSIONS, Family.TOMBSTONES));
    }

    private static HeldScan of(long bucketId, List<VolumeStore> stores, boolean hasVersions, List<Family> families) {
        byte[] end = IndexKeys.bucketEnd(bucketId);
        List<Row> rows = new ArrayList<>();
        boolean complete = false;
        try {
            // Objects first: one that is removed meanwhile is seen, or its tombstone is, or both are.
            for (Family family : families) {
                for (VolumeStore store : stores) {
                    rows.add(new Row(family, store.index().cursor(family, end)));
                }
            }
            complete = true;
            return new HeldScan(bucketId, hasVersions, rows);
        } finally {
            if (!complete) {
                rows.forEach(row -> row.cursor.close());
            }
        }
    }

    /// Makes the next call of `next` stop at the first name that is not less than this one.
    public void seek(String from) {
        seek(from.isEmpty() ? IndexKeys.bucketStart(bucketId) : IndexKeys.object(bucketId, from));
    }

    /// Makes the next call of `next` stop at the first key behind this one.
    public void seekBehind(ObjectKey key) {
        seek(IndexKeys.successor(IndexKeys.of(bucketId, key)));
    }

    private void seek(byte[] key) {
        rows.forEach(row -> row.cursor.seek(key));
        held = null;
    }

    /// Makes the next call of `next` stop at the first name that is greater than every name with this
    /// prefix.
    public void seekPast(String prefix) {
        seek(IndexKeys.pastPrefix(bucketId, prefix));
    }

    /// Moves to the next name. False at the end.
    public boolean next() {
        Row first = null;
        for (Row row : rows) {
            while (row.cursor.isValid() && row.isPassedOver(hasVersions)) {
                row.cursor.next();
            }
            if (row.cursor.isValid()
                    && (first == null || Arrays.compareUnsigned(row.cursor.key(), first.cursor.key()) < 0)) {
                first = row;
            }
        }
        if (first == null) {
            held = null;
            return false;
        }
        byte[] key = first.cursor.key();
        name = IndexKeys.name(key);
        version = IndexKeys.versionId(key);
        held = newest(key);
        return true;
    }

    /// The name on which the cursor stands.
    public String name() {
        return name;
    }

    /// The id of the version on which it stands; empty for an object.
    public String version() {
        return version;
    }

    /// What the node has of it.
    public Held held() {
        Held found = held;
        if (found == null) {
            throw new IllegalStateException("the scan stands on no name");
        }
        return found;
    }

    @Override
    public void close() {
        rows.forEach(row -> row.cursor.close());
    }

    /// The newest of what there is of a key; every cursor that stands on it moves on.
    private @Nullable Held newest(byte[] key) {
        Held newest = null;
        for (Row row : rows) {
            if (row.cursor.isValid() && Arrays.equals(row.cursor.key(), key)) {
                Held found = row.held();
                if (newest == null || found.stamp().isNewerThan(newest.stamp())) {
                    newest = found;
                }
                row.cursor.next();
            }
        }
        return newest;
    }
}
