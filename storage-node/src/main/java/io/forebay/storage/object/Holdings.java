package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.Tombstone;
import io.forebay.storage.metadata.UploadRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a node holds, as the other nodes of its cluster see and change it: copies with the stamps that
/// their primary gave them, tombstones, and uploads in progress.
///
/// Ownership is the caller's to check. What arrives is kept iff it is newer than what is here.
public final class Holdings {
    private final VolumeSet volumes;
    private final Guards guards;
    private final KeyChanges changes;
    private final Redundancy redundancy;
    private final Uploads uploads;

    Holdings(VolumeSet volumes, Guards guards, Seam seam, Uploads uploads) {
        this.volumes = volumes;
        this.guards = guards;
        this.changes = seam.changes;
        this.redundancy = seam.redundancy;
        this.uploads = uploads;
    }

    /// How what this node takes over reaches the other holders.
    record Seam(KeyChanges changes, Redundancy redundancy) {}

    /// What this node has of a key, or null. Waits for the disk. Throws VOLUME_FAILED when it may be on a
    /// volume out of service.
    public @Nullable Held find(Bucket bucket, ObjectKey key) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        Copies copies = volumes.copies(indexKey);
        Tombstone tombstone = volumes.tombstone(indexKey);
        ObjectRecord record = copies.record();
        if (tombstone == null) {
            copies.requireCertain(key.toString());
        }
        if (record == null || (tombstone != null && tombstone.stamp().isNewerThan(record.stamp()))) {
            return tombstone == null ? null : new Held(tombstone.stamp(), null);
        }
        return Held.of(record);
    }

    /// Begins to take the bytes of an object from another node. May block for admission. Throws BUSY or
    /// NO_SPACE.
    public ReceiveSession receive(Bucket bucket, ObjectKey key, long length) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        guards.gate().check(bucket.id(), key);
        VolumeStore store = volumes.admit(indexKey, length);
        Receiving receiving = new Receiving(bucket, key, indexKey, store);
        return new ReceiveSession(key.toString(), length, new ByteSink(store.volume(), length), receiving);
    }

    /// Where the bytes of a session go.
    private final class Receiving implements ReceiveSession.Target {
        private final Bucket bucket;
        private final ObjectKey key;
        private final byte[] indexKey;
        private final VolumeStore store;

        private Receiving(Bucket bucket, ObjectKey key, byte[] indexKey, VolumeStore store) {
            this.bucket = bucket;
            this.key = key;
            this.indexKey = indexKey;
            this.store = store;
        }

        @Override
        public Received commit(RecordDraft description, ByteSink sink) {
            ObjectWriter.prepare(sink, bucket.durability());
            return commitPrepared(description, sink, copies -> List.of());
        }

        @Override
        public Received adopt(RecordDraft description, ByteSink sink, boolean alone) {
            ObjectWriter.prepare(sink, bucket.durability());
            if (alone) {
                return commitAdopted(description, sink);
            }
            Content content = sink.content();
            try (Redundancy.Staged staged = redundancy.stage(bucket, key, content)) {
                return changes.inTurn(indexKey, () -> {
                    guards.gate().check(bucket.id(), key);
                    try (Redundancy.Turn turn = redundancy.begin(bucket, key)) {
                        return adopt(turn, description, sink, content, staged);
                    }
                });
            }
        }

        private Received adopt(
                Redundancy.Turn turn,
                RecordDraft description,
                ByteSink sink,
                Content content,
                Redundancy.Staged staged) {
            Stamp here = changes.known(volumes.copies(indexKey), indexKey);
            if (!description.stamp().isNewerThan(here)) {
                return new Received(description.stamp().equals(here), here);
            }
            Stamp newer = turn.isShared() ? turn.replicate(description, content, staged, null) : null;
            return newer == null ? commitAdopted(description, sink) : new Received(false, newer);
        }

        private Received commitAdopted(RecordDraft description, ByteSink sink) {
            String id = description.system().getOrDefault(VersionId.ATTRIBUTE, VersionId.NULL);
            return commitPrepared(description, sink, copies -> Succession.keeping(bucket, key, copies, id, volumes));
        }

        private Received commitPrepared(RecordDraft description, ByteSink sink, Function<Copies, List<Placed>> kept) {
            return apply(bucket, key, description.stamp(), (copies, known) -> {
                if (description.stamp().equals(known)) {
                    return new Received(isSame(copies, description), known);
                }
                changes.commit(store, bucket, indexKey, copies, sink, description, kept.apply(copies));
                return new Received(true, description.stamp());
            });
        }
    }

    /// Takes other attributes of an object, or another version of it, whose bytes are here, if the base still has its
    /// stamp here and they are those described, and sound. Otherwise answers what is here: all of it is to be sent.
    public Received receiveAttributes(Bucket bucket, ObjectKey key, RecordDraft description, Redundancy.Base base) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        return apply(bucket, key, description.stamp(), (copies, known) -> {
            if (known.equals(description.stamp())) {
                return new Received(isSame(copies, description), known);
            }
            boolean own = base.key().equals(key);
            Copies owner = own ? copies : volumes.copies(IndexKeys.of(bucket.id(), base.key()));
            Copies.Copy bytes = owner.best();
            if (bytes == null
                    || !bytes.record().stamp().equals(base.stamp())
                    || (own && !known.equals(base.stamp()))
                    || !description.hasBytesOf(bytes.record())
                    || owner.found().stream().anyMatch(Holdings::isDamaged)) {
                return new Received(false, known);
            }
            changes.commitBytesOf(bytes, bucket, indexKey, copies, description);
            return new Received(true, description.stamp());
        });
    }

    private static boolean isDamaged(Copies.Copy copy) {
        return copy.store().damage().isDamaged(copy.record());
    }

    /// Removes an object because its primary did. Leaves a tombstone.
    public Received receiveRemoval(Bucket bucket, ObjectKey key, Stamp stamp) {
        return remove(bucket, key, stamp, copies -> List.of());
    }

    /// As `receiveRemoval`, on the key's primary: not while the key is changed here. What was the object stays as a
    /// version.
    public Received adoptRemoval(Bucket bucket, ObjectKey key, Stamp stamp) {
        return changes.inTurn(
                IndexKeys.of(bucket.id(), key),
                () -> remove(bucket, key, stamp, copies -> Succession.keeping(bucket, key, copies, null, volumes)));
    }

    private Received remove(Bucket bucket, ObjectKey key, Stamp stamp, Function<Copies, List<Placed>> kept) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        return apply(bucket, key, stamp, (copies, known) -> {
            if (known.equals(stamp)) {
                return new Received(copies.record() == null, known);
            }
            List<Placed> all = new ArrayList<>(kept.apply(copies));
            all.addAll(changes.removal(bucket.durability(), indexKey, copies, stamp));
            Placed.commit(all, bucket.durability());
            return new Received(true, stamp);
        });
    }

    /// What is done with what arrived, when nothing newer is here.
    @FunctionalInterface
    private interface Arrival {
        Received of(Copies copies, Stamp known);
    }

    private Received apply(Bucket bucket, ObjectKey key, Stamp stamp, Arrival arrival) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        Lock lock = guards.keys().lockInTurn(indexKey);
        try {
            guards.gate().check(bucket.id(), key);
            Copies copies = volumes.copies(indexKey);
            Stamp known = changes.known(copies, indexKey);
            return known.isNewerThan(stamp) ? new Received(false, known) : arrival.of(copies, known);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isSame(Copies copies, RecordDraft description) {
        ObjectRecord record = copies.record();
        return record != null && RecordDraft.describing(record).equals(description.withExtents(null));
    }

    /// Everything that this node has of a bucket, by name: objects, versions and tombstones. The caller closes the
    /// scan. Throws VOLUME_FAILED while a volume is out of service.
    public HeldScan scan(long bucketId) {
        volumes.current().requireComplete();
        return scanServing(bucketId);
    }

    /// As `scan`, of objects and their tombstones alone.
    public HeldScan scanObjects(long bucketId) {
        volumes.current().requireComplete();
        return scan(stores -> HeldScan.ofObjects(bucketId, stores));
    }

    /// As `scan`, of the volumes that serve.
    public HeldScan scanServing(long bucketId) {
        return scan(stores -> HeldScan.ofAll(bucketId, stores));
    }

    private HeldScan scan(Function<List<VolumeStore>, HeldScan> opening) {
        while (true) {
            long before = volumes.relocations();
            Membership set = volumes.current();
            HeldScan scan = opening.apply(set.serving());
            if (volumes.relocations() == before && volumes.current() == set) {
                return scan;
            }
            scan.close();
        }
    }

    /// Forgets the tombstones of removals up to an epoch that are at least so old: no older value is on its way any
    /// more.
    ///
    /// @param consent of some removals of objects those of which nobody holds older values
    public void dropTombstones(long settledEpoch, Duration age, UnaryOperator<List<OldRemoval>> consent) {
        Tombstones.Forgotten forgotten =
                new Tombstones.Forgotten(settledEpoch, changes.removals().latest(age));
        volumes.all().forEach(store -> Tombstones.drop(store, forgotten, consent, guards.keys()));
    }

    /// Gives the key's other holders what this node, its primary, has of it, under its stamp. Returns null
    /// when they have it, or the newest stamp that one of them has when that is not older. Throws
    /// NODE_UNAVAILABLE, NOT_OWNER.
    public @Nullable Stamp share(Bucket bucket, ObjectKey key) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        return changes.inTurn(indexKey, () -> {
            guards.gate().check(bucket.id(), key);
            try (Redundancy.Turn turn = redundancy.begin(bucket, key)) {
                return turn.isShared() ? share(turn, bucket, key, indexKey) : null;
            }
        });
    }

    private @Nullable Stamp share(Redundancy.Turn turn, Bucket bucket, ObjectKey key, byte[] indexKey) {
        Held held = find(bucket, key);
        if (held == null) {
            return null;
        }
        ObjectRecord record = held.record();
        if (record == null) {
            return turn.replicateRemoval(held.stamp());
        }
        Content content = PiecedContent.newest(key, () -> volumes.copies(indexKey));
        return turn.replicate(RecordDraft.describing(record), content, Redundancy.Staged.NOTHING, null);
    }

    /// Removes what this node has of an object since that epoch or before, because it is other nodes' to
    /// hold. It leaves no tombstone, and is durable after `harden`. False when there is nothing of then.
    public boolean discard(Bucket bucket, ObjectKey key, long settledEpoch) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        Lock lock = guards.keys().lockInTurn(indexKey);
        try {
            guards.gate().check(bucket.id(), key);
            Copies copies = volumes.copies(indexKey);
            ObjectRecord record = copies.record();
            if (record == null || record.stamp().epoch() > settledEpoch) {
                return false;
            }
            changes.remove(Durability.NONE, indexKey, copies, null);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Returns when everything that was changed before is on stable storage, in buckets of every durability.
    public void harden() {
        volumes.all().forEach(store -> store.commit(List.of(), Durability.GROUP));
    }

    /// The upload of that id as another node is to have it, or null. Its parts: `ObjectStore.listParts`,
    /// `openPart`.
    public @Nullable UploadRecord findUpload(Bucket bucket, ObjectKey key, String uploadId) {
        return uploads.findRecord(bucket, key, uploadId);
    }

    /// Takes over an upload of another node, under its id, without its parts; one that is here stays as it
    /// is. False when it was here and has ended.
    public boolean receiveUpload(Bucket bucket, ObjectKey key, String uploadId, UploadRecord record) {
        return uploads.receive(bucket, key, uploadId, record);
    }

    /// Begins to take a part of an upload, which is here; a part of that number that is here stays. Throws
    /// NO_SUCH_UPLOAD, BUSY, NO_SPACE.
    public ReceiveSession receivePart(Bucket bucket, ObjectKey key, String uploadId, int number, long length) {
        VolumeStore store = uploads.storeOf(bucket, key, uploadId);
        store.volume().space().admit(length);
        return new ReceiveSession(
                "part " + number + " of " + key, length, new ByteSink(store.volume(), length), (description, sink) -> {
                    ObjectWriter.prepare(sink, bucket.durability());
                    Uploads.Incoming incoming = new Uploads.Incoming(store, sink);
                    uploads.receivePart(bucket, key, uploadId, number, description, incoming);
                    return new Received(true, description.stamp());
                });
    }

    /// Drops an upload that is another node's to keep. It leaves no tombstone.
    public void discardUpload(Bucket bucket, ObjectKey key, String uploadId) {
        uploads.discard(bucket, key, uploadId);
    }
}
