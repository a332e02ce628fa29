package io.forebay.storage.object;

import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cursor over the objects of one bucket with all their versions, in UTF-8 byte order of names: what has a version
/// is on it, also when it was removed.
///
/// For one thread at a time; whoever made it closes it.
public final class VersionScan implements AutoCloseable {
    private final long bucketId;
    private final List<VolumeStore> stores;
    private final List<IndexCursor> cursors;
    private byte[] key;

    private VersionScan(long bucketId, List<VolumeStore> stores, List<IndexCursor> cursors) {
        this.bucketId = bucketId;
        this.stores = stores;
        this.cursors = cursors;
        this.key = IndexKeys.bucketStart(bucketId);
        seek("");
    }

    /// One version of an object.
    ///
    /// @param latest whether it is what the object is now; a delete marker then says that it is not there
    public record Version(String id, ObjectRecord record, boolean latest) {}

    static VersionScan of(long bucketId, List<VolumeStore> stores) {
        byte[] end = IndexKeys.bucketEnd(bucketId);
        List<IndexCursor> cursors = new ArrayList<>();
        boolean complete = false;
        try {
            for (Family family : List.of(Family.CURRENT, Family.VERSIONS)) {
                for (VolumeStore store : stores) {
                    cursors.add(store.index().cursor(family, end));
                }
            }
            complete = true;
            return new VersionScan(bucketId, stores, cursors);
        } finally {
            if (!complete) {
                cursors.forEach(IndexCursor::close);
            }
        }
    }

    /// Makes the next call of `next` stop at the first name that is not less than this one.
    public void seek(String from) {
        seek(from.isEmpty() ? IndexKeys.bucketStart(bucketId) : IndexKeys.object(bucketId, from));
    }

    /// Makes the next call of `next` stop at the first name that is greater than every name with this prefix.
    public void seekPast(String prefix) {
        seek(IndexKeys.pastPrefix(bucketId, prefix));
    }

    private void seek(byte[] from) {
        cursors.forEach(cursor -> cursor.seek(from));
    }

    /// Moves to the next name. False at the end.
    public boolean next() {
        byte @Nullable [] least = null;
        for (IndexCursor cursor : cursors) {
            if (cursor.isValid() && (least == null || Arrays.compareUnsigned(cursor.key(), least) < 0)) {
                least = cursor.key();
            }
        }
        if (least == null) {
            return false;
        }
        key = IndexKeys.objectOf(least);
        byte[] behind = IndexKeys.versionsEnd(key);
        for (IndexCursor cursor : cursors) {
            if (cursor.isValid() && Arrays.compareUnsigned(cursor.key(), behind) < 0) {
                cursor.seek(behind);
            }
        }
        return true;
    }

    /// The name on which the cursor stands.
    public String name() {
        return IndexKeys.name(key);
    }

    /// The versions of it as they are now, the newest first; empty when all have gone meanwhile.
    public List<Version> versions() {
        ObjectRecord current = null;
        for (VolumeStore store : stores) {
            ObjectRecord found = store.index().find(key);
            if (found != null && (current == null || found.isNewerThan(current))) {
                current = found;
            }
        }
        List<Version> versions = new ArrayList<>();
        if (current != null) {
            versions.add(new Version(current.versionId(), current, true));
        }
        for (KeyVersions.Version version : KeyVersions.all(stores, key)) {
            // After a crash the current one may be among them as well.
            if (current == null || !version.id().equals(current.versionId())) {
                versions.add(new Version(version.id(), version.record(), versions.isEmpty()));
            }
        }
        return versions;
    }

    @Override
    public void close() {
        cursors.forEach(IndexCursor::close);
    }
}
