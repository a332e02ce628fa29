package io.forebay.storage.object;

import io.forebay.common.model.VersionId;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The versions of an object beside its current one, wherever on a node's volumes they are.
final class KeyVersions {
    /// The newest first: versions are counted, as contents are.
    static final Comparator<Version> NEWEST_FIRST = Comparator.comparingLong(
                    (Version version) -> version.record().version())
            .thenComparing(version -> version.record().stamp())
            .reversed();

    private KeyVersions() {}

    /// One of them.
    record Version(VolumeStore store, String id, ObjectRecord record) {}

    /// The version of that id, or null.
    static @Nullable Version find(List<VolumeStore> stores, byte[] objectKey, String id) {
        Version newest = null;
        for (VolumeStore store : stores) {
            byte[] value =
                    store.hasVersions() ? store.index().find(Family.VERSIONS, IndexKeys.version(objectKey, id)) : null;
            if (value != null) {
                Version found = new Version(store, id, ObjectRecord.of(value));
                newest = newest == null || found.record.isNewerThan(newest.record) ? found : newest;
            }
        }
        return newest;
    }

    /// The newest, or null when there is none.
    ///
    /// @param without the id of one that is passed over
    static @Nullable Version newest(List<VolumeStore> stores, byte[] objectKey, String without) {
        List<Version> candidates = new ArrayList<>(2);
        for (VolumeStore store : stores) {
            if (store.hasVersions()) {
                addFirst(store, objectKey, without, candidates);
            }
        }
        Version unnamed = without.equals(VersionId.NULL) ? null : find(stores, objectKey, VersionId.NULL);
        if (unnamed != null) {
            candidates.add(unnamed);
        }
        candidates.sort(NEWEST_FIRST);
        return candidates.isEmpty() ? null : candidates.getFirst();
    }

    /// All of them, the newest first.
    static List<Version> all(List<VolumeStore> stores, byte[] objectKey) {
        List<Version> versions = new ArrayList<>();
        for (VolumeStore store : stores) {
            if (store.hasVersions()) {
                byte[] end = IndexKeys.versionsEnd(objectKey);
                try (IndexCursor cursor = store.index().cursor(Family.VERSIONS, end)) {
                    for (cursor.seek(IndexKeys.versionsStart(objectKey)); cursor.isValid(); cursor.next()) {
                        add(version(store, cursor), versions);
                    }
                }
            }
        }
        versions.sort(NEWEST_FIRST);
        return versions;
    }

    /// One that is on two volumes, because it is being moved, is one.
    private static void add(Version version, List<Version> versions) {
        for (int index = 0; index < versions.size(); index++) {
            Version known = versions.get(index);
            if (known.id.equals(version.id)) {
                versions.set(index, version.record.isNewerThan(known.record) ? version : known);
                return;
            }
        }
        versions.add(version);
    }

    /// Adds the newest that has an id of its own: in their keys' order the first.
    private static void addFirst(VolumeStore store, byte[] objectKey, String without, List<Version> candidates) {
        try (IndexCursor cursor = store.index().cursor(Family.VERSIONS, IndexKeys.versionsEnd(objectKey))) {
            for (cursor.seek(IndexKeys.versionsStart(objectKey)); cursor.isValid(); cursor.next()) {
                Version version = version(store, cursor);
                if (!version.id.equals(without) && !version.id.equals(VersionId.NULL)) {
                    candidates.add(version);
                    return;
                }
            }
        }
    }

    private static Version version(VolumeStore store, IndexCursor cursor) {
        return new Version(store, IndexKeys.versionId(cursor.key()), ObjectRecord.of(cursor.value()));
    }
}
