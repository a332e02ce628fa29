package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Takes whole buckets away: first for writers, then with all that they have, some thousand entries at a time.
final class BucketRemoval {
    private static final int CHUNK_ENTRIES = 1000;
    private static final List<Family> FAMILIES =
            List.of(Family.CURRENT, Family.VERSIONS, Family.UPLOADS, Family.PARTS, Family.TOMBSTONES);

    private final VolumeSet volumes;
    private final Uploads uploads;
    private final KeyLocks locks;
    private final WriteGate gate;

    BucketRemoval(VolumeSet volumes, Uploads uploads, KeyLocks locks, WriteGate gate) {
        this.volumes = volumes;
        this.uploads = uploads;
        this.locks = locks;
        this.gate = gate;
    }

    void refuseWrites(long bucketId) {
        gate.close(bucketId);
        uploads.awaitHolders();
        locks.awaitHolders();
    }

    List<Long> bucketIds() {
        Set<Long> ids = new TreeSet<>();
        byte[] end = IndexKeys.end();
        for (VolumeStore store : volumes.all()) {
            for (Family family : FAMILIES) {
                try (IndexCursor cursor = store.index().cursor(family, end)) {
                    cursor.seek(IndexKeys.start());
                    while (cursor.isValid()) {
                        long id = IndexKeys.bucketId(cursor.key());
                        if (id != VoidNotes.BUCKET && id != Outbox.BUCKET) {
                            ids.add(id);
                        }
                        cursor.seek(IndexKeys.bucketEnd(id));
                    }
                }
            }
        }
        return List.copyOf(ids);
    }

    void drop(long bucketId) {
        refuseWrites(bucketId);
        for (VolumeStore store : volumes.all()) {
            for (Family family : FAMILIES) {
                drop(store, family, bucketId);
            }
            store.upkeep().requestFlush();
        }
    }

    /// Whether a volume has uploads, notes about other volumes, or tombstones.
    static boolean hasEntries(VolumeStore store) {
        for (Family family : List.of(Family.UPLOADS, Family.TOMBSTONES)) {
            try (IndexCursor cursor = store.index().cursor(family, IndexKeys.end())) {
                cursor.seek(IndexKeys.start());
                if (cursor.isValid()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void drop(VolumeStore store, Family family, long bucketId) {
        while (true) {
            List<Mutation.Entry> entries = first(store, family, bucketId);
            if (entries.isEmpty()) {
                return;
            }
            byte[] to = IndexKeys.successor(entries.getLast().key());
            store.commit(
                    List.of(new Mutation.RemoveRange(family, IndexKeys.bucketStart(bucketId), to, entries)),
                    Durability.GROUP);
        }
    }

    private static List<Mutation.Entry> first(VolumeStore store, Family family, long bucketId) {
        List<Mutation.Entry> entries = new ArrayList<>();
        try (IndexCursor cursor = store.index().cursor(family, IndexKeys.bucketEnd(bucketId))) {
            cursor.seek(IndexKeys.bucketStart(bucketId));
            while (cursor.isValid() && entries.size() < CHUNK_ENTRIES) {
                entries.add(new Mutation.Entry(cursor.key(), cursor.value()));
                cursor.next();
            }
        }
        return entries;
    }
}
