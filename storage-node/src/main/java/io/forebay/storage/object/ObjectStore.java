package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.MergedScan;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.ObjectScan;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.VolumeOwner;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The objects of one storage node, on one or more volumes: each object whole on the volume that its key
/// hashes to.
///
/// Any thread may call anything. A bucket is what the caller's cluster state has: its id says where its
/// objects are, its properties how durable a write is. Existence, seals and ownership are the caller's to
/// check, apart from `refuseWrites`.
public final class ObjectStore implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ObjectStore.class.getName());

    private static final String ALL_VOLUMES = "";

    private final Closing closing;
    private final VolumeSet volumes;
    private final VolumeLifecycle lifecycle;
    private final Mover mover;
    private final WriteGate gate;
    private final ObjectChanges changes;
    private final Holdings holdings;
    private final Outbox outbox;
    private final Uploads uploads;
    private final BucketRemoval removal;
    private final ObjectReader reader;
    private final LongAdder writtenBytes;

    ObjectStore(Closing closing, StoreParts parts, Metrics metrics) {
        this.closing = closing;
        this.volumes = parts.volumes();
        this.lifecycle = parts.lifecycle();
        this.mover = parts.mover();
        this.gate = parts.guards().gate();
        this.changes = parts.changes();
        this.holdings = parts.holdings();
        this.outbox = parts.outbox();
        this.uploads = parts.uploads();
        this.removal = new BucketRemoval(volumes, uploads, parts.guards().keys(), gate);
        this.reader = new ObjectReader(volumes, metrics.counter(StorageMetric.READ_OPENED, ALL_VOLUMES));
        this.writtenBytes = metrics.counter(StorageMetric.WRITTEN_BYTES, ALL_VOLUMES);
    }

    /// Opens the volumes in these folders, making those that are new, and brings their indexes up to date.
    /// Throws IN_USE when another process has one open, INVALID_ARGUMENT when one belongs to another owner or
    /// has another format, CORRUPT or VOLUME_FAILED when it cannot be read; nothing stays open then.
    public static ObjectStore open(
            StoreConfig config, List<Path> folders, VolumeOwner owner, InstantSource clock, Metrics metrics) {
        return open(config, new VolumeFolders(null, folders), owner, clock, metrics);
    }

    /// Opens the volumes that a node has by its list, and those in the folders given that it has not. One that
    /// was in the list and cannot be opened is reported in `volumeStatuses`, and the others serve. Throws as the
    /// other does for a folder that is not in the list, and when no volume at all can be opened.
    public static ObjectStore open(
            StoreConfig config, VolumeFolders folders, VolumeOwner owner, InstantSource clock, Metrics metrics) {
        return open(config, folders, owner, clock, metrics, Redundancy.ALONE, Announcer.SILENT);
    }

    /// As above, for a node among others, with changes that are told.
    public static ObjectStore open(
            StoreConfig config,
            VolumeFolders folders,
            VolumeOwner owner,
            InstantSource clock,
            Metrics metrics,
            Redundancy redundancy,
            Announcer announcer) {
        StoreOpening.Surroundings around =
                new StoreOpening.Surroundings(StoreOpening.Background.THREADS, redundancy, announcer);
        return StoreOpening.open(config, folders, owner, clock, metrics, around);
    }

    /// What the store reads the time from.
    record Clocks(InstantSource clock, Ticker ticker) {}

    /// As above, wherever the volumes are, without threads for the background work and without a list. Each
    /// place is asked for when its turn has come.
    static ObjectStore open(
            StoreConfig config,
            List<? extends Supplier<VolumeStore.Place>> places,
            VolumeOwner owner,
            Clocks clocks,
            Metrics metrics) {
        StoreOpening.Surroundings around =
                new StoreOpening.Surroundings(StoreOpening.Background.CALLER, Redundancy.ALONE, Announcer.SILENT);
        return StoreOpening.open(config, places, owner, clocks, metrics, around);
    }

    /// Finds an object, or a version of it, and opens the bytes that the choice wants of it. No lock is held while
    /// they are read; they stay readable after the object was overwritten or removed. With `Waiting.FORBIDDEN`
    /// answers from memory or not at all; the slices' own bytes may still be on disk (`FileSlice.readNow`). Throws
    /// CORRUPT when a file is missing.
    public ReadOutcome read(Bucket bucket, ObjectKey key, Waiting waiting, ReadOutcome.Choice choice) {
        return reader.read(bucket, key, waiting, choice);
    }

    /// The folder of the volume that has an object, or is to have it; from memory.
    public String folderOf(Bucket bucket, ObjectKey key) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        Membership set = volumes.current();
        VolumeStore only = set.onlyPlace(indexKey);
        if (only == null && volumes.findNow(indexKey) instanceof VolumeSet.Search.Known known && known.copy() != null) {
            return known.copy().store().folder();
        }
        return only == null ? set.home(indexKey).folder() : only.folder();
    }

    /// The record of an object: `read` without bytes.
    public ReadOutcome find(Bucket bucket, ObjectKey key, Waiting waiting) {
        return read(bucket, key, waiting, ReadOutcome.Choice.RECORD_ONLY);
    }

    /// Begins to write an object. May block for admission. Throws BUSY or NO_SPACE.
    public WriteSession begin(Bucket bucket, ObjectKey key, WriteOptions options) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        gate.check(bucket.id(), key);
        VolumeStore store = volumes.admit(indexKey, Math.max(0, options.storedLength()));
        return new WriteSession(
                key.toString(),
                options,
                new ByteSink(store.volume(), options.storedLength()),
                (written, conditions) -> {
                    ObjectRecord record = changes.put(store, bucket, key, written, conditions);
                    writtenBytes.add(record.size());
                    return record;
                });
    }

    /// Removes an object; where its bucket has versions, by a marker. Or removes a version of it, the current one or
    /// another, for good. Null when there was none and the conditions allow that. Throws FORBIDDEN for a
    /// version that is locked.
    public @Nullable Removed remove(Bucket bucket, ObjectKey key, RemovalOptions options) {
        return changes.remove(bucket, key, options, Stamp.NONE);
    }

    /// As above; false when there was none.
    public boolean remove(Bucket bucket, ObjectKey key, Conditions conditions) {
        return remove(bucket, key, new RemovalOptions(conditions, false, false)) != null;
    }

    /// Removes objects and versions of one bucket together: a volume commits its part in as few groups as it
    /// can, and nobody changes one of them in between. Each has an outcome of its own, in their order, as
    /// `remove` gives and throws it; STALE_MAP for one that other nodes hold, too, which is as it was.
    public List<RemovalOutcome> removeAll(Bucket bucket, List<ObjectRemoval> removals) {
        return changes.removeAll(bucket, removals);
    }

    /// Removes an object of which another node is known to have the newest value. Null when something as new is here,
    /// and is no object.
    ///
    /// @param elsewhere the stamp of that value
    public @Nullable Removed removeElsewhere(Bucket bucket, ObjectKey key, Stamp elsewhere) {
        return changes.remove(bucket, key, RemovalOptions.NONE, elsewhere);
    }

    /// Makes a removal known that was made elsewhere, to the key's other holders too, unless what is here is newer.
    ///
    /// @param removal its stamp; what is here of the same one is made known again
    public void spreadRemoval(Bucket bucket, ObjectKey key, Stamp removal) {
        changes.spreadRemoval(bucket, key, removal);
    }

    /// Replaces the user metadata, or merges into it. Throws NO_SUCH_OBJECT. Content, version and modification
    /// time stay.
    public ObjectRecord updateCustom(Bucket bucket, ObjectKey key, Map<String, String> custom, MapChange change) {
        return changes.update(
                bucket, key, Conditions.NONE, draft -> draft.withCustom(changed(draft.custom(), custom, change)));
    }

    /// Merges into the HTTP attributes. Throws NO_SUCH_OBJECT, and PRECONDITION_FAILED when a condition does
    /// not hold of the object.
    public ObjectRecord updateSystem(Bucket bucket, ObjectKey key, Map<String, String> system, Conditions conditions) {
        return updateSystem(bucket, key, system, conditions, false);
    }

    /// As above, of the object or of a version, be it the current one or another. Throws NO_SUCH_VERSION, and
    /// FORBIDDEN for what a lock does not allow.
    ///
    /// @param bypassesGovernance whether retention in governance mode does not count
    public ObjectRecord updateSystem(
            Bucket bucket,
            ObjectKey key,
            Map<String, String> system,
            Conditions conditions,
            boolean bypassesGovernance) {
        return changes.updateSystem(
                bucket, key, conditions, before -> changed(before, system, MapChange.MERGE), bypassesGovernance);
    }

    /// Writes the object as it is once more, as a change of its own: then it is newer than whatever another
    /// holder may have, and with all of them. Throws NO_SUCH_OBJECT.
    public ObjectRecord renew(Bucket bucket, ObjectKey key) {
        return changes.update(bucket, key, Conditions.NONE, draft -> draft);
    }

    /// What is to be told of changes, until it was told.
    public Outbox outbox() {
        return outbox;
    }

    /// What the node holds, as the other nodes of its cluster see it.
    public Holdings holdings() {
        return holdings;
    }

    /// A cursor over the objects of a bucket, standing before the first. The caller closes it. Throws
    /// VOLUME_FAILED while a volume is out of service: a list that is not complete would be taken for one that
    /// is.
    public Scan scan(long bucketId) {
        while (true) {
            long before = volumes.relocations();
            Membership set = volumes.current();
            set.requireComplete();
            List<ObjectScan> scans = scans(set, bucketId);
            // A copy that went while the cursors were made may be behind none of them.
            if (scans.size() == 1) {
                return scans.getFirst();
            }
            if (volumes.relocations() == before && volumes.current() == set) {
                return new MergedScan(scans);
            }
            scans.forEach(ObjectScan::close);
        }
    }

    /// A cursor over the objects of a bucket with all their versions, standing before the first. Otherwise as `scan`.
    public VersionScan scanVersions(long bucketId) {
        while (true) {
            long before = volumes.relocations();
            Membership set = volumes.current();
            set.requireComplete();
            VersionScan scan = VersionScan.of(bucketId, set.serving());
            if (volumes.relocations() == before && volumes.current() == set) {
                return scan;
            }
            scan.close();
        }
    }

    /// The versions of one object, the newest first. Throws VOLUME_FAILED while a volume is out of service.
    public List<VersionScan.Version> versions(Bucket bucket, ObjectKey key) {
        try (VersionScan scan = scanVersions(bucket.id())) {
            scan.seek(key.name());
            return scan.next() && scan.name().equals(key.name()) ? scan.versions() : List.of();
        }
    }

    /// Begins an upload and returns its id. `Kind.EXTEND` throws NO_SUCH_OBJECT when there is nothing to extend.
    public String createUpload(Bucket bucket, ObjectKey key, Upload.Options options) {
        return uploads.create(bucket, key, options);
    }

    /// Does one request's work in an upload of its own, which the work completes; it is dropped when the work
    /// throws. Throws as `createUpload` and the work do.
    public <T> T inUpload(Bucket bucket, ObjectKey key, Upload.Options options, Function<String, T> work) {
        String id = createUpload(bucket, key, options);
        boolean ended = false;
        try {
            T result = work.apply(id);
            ended = true;
            return result;
        } finally {
            if (!ended) {
                drop(bucket, key, id);
            }
        }
    }

    private void drop(Bucket bucket, ObjectKey key, String uploadId) {
        try {
            abortUpload(bucket, key, uploadId);
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "what was to be appended to " + key + " stays: " + e.text());
        }
    }

    /// The upload of that id, or null.
    public @Nullable Upload findUpload(Bucket bucket, ObjectKey key, String uploadId) {
        return uploads.find(bucket, key, uploadId);
    }

    /// Begins to write a part; committing replaces the part of that number. Throws NO_SUCH_UPLOAD. The
    /// conditions of its commit must be `NONE`.
    public WriteSession beginPart(Bucket bucket, ObjectKey key, String uploadId, int number, WriteOptions options) {
        return uploads.beginPart(bucket, key, uploadId, number, options);
    }

    /// The parts of an upload by number. Throws NO_SUCH_UPLOAD.
    public List<Part> listParts(Bucket bucket, ObjectKey key, String uploadId) {
        return uploads.listParts(bucket, key, uploadId);
    }

    /// All bytes of a part, such as to compute a checksum over several. The receiver closes the slices. Throws
    /// NO_SUCH_UPLOAD when the part is gone.
    public List<FileSlice> openPart(Bucket bucket, ObjectKey key, Part part) {
        return uploads.openPart(bucket, key, part);
    }

    /// Makes the parts that the decision takes one object: one commit, no byte copied. Throws NO_SUCH_UPLOAD,
    /// what the conditions and the decision throw, and for `Kind.EXTEND` PRECONDITION_FAILED when the object
    /// that was to be extended has changed.
    public ObjectRecord completeUpload(
            Bucket bucket, ObjectKey key, String uploadId, Conditions conditions, Completion.Decision decision) {
        return uploads.complete(bucket, key, uploadId, conditions, decision);
    }

    /// Drops an upload and its parts. Throws NO_SUCH_UPLOAD.
    public void abortUpload(Bucket bucket, ObjectKey key, String uploadId) {
        uploads.abort(bucket, key, uploadId);
    }

    /// Up to `limit` uploads of a bucket by name, then id: those after that name and id (both empty for the
    /// beginning; an empty id passes over every upload of the name).
    public List<Upload> listUploads(long bucketId, String afterName, String afterId, int limit) {
        return uploads.list(bucketId, afterName, afterId, limit);
    }

    /// Refuses commits to a bucket from now on with NO_SUCH_BUCKET, and returns when those in flight have ended:
    /// what a sealed bucket needs before it is found empty. Kept in memory only.
    public void refuseWrites(long bucketId) {
        removal.refuseWrites(bucketId);
    }

    /// Undoes `refuseWrites`.
    public void allowWrites(long bucketId) {
        gate.open(bucketId);
    }

    /// The ids of all buckets that have objects or uploads here, ascending.
    public List<Long> bucketIds() {
        return removal.bucketIds();
    }

    /// Removes everything of a bucket and gives its space back; takes as long as that takes. Writes are refused
    /// from the first moment. Repeated after a crash, it goes on where it was.
    public void dropBucket(long bucketId) {
        removal.drop(bucketId);
    }

    /// Space over all volumes.
    public Space space() {
        long total = 0;
        long free = 0;
        long used = 0;
        long objects = 0;
        for (VolumeStore store : volumes.all()) {
            total += store.volume().space().totalBytes();
            free += store.volume().space().availableBytes();
            used += store.usedBytes();
            objects += store.objectCount();
        }
        return new Space(total, free, used, objects);
    }

    /// How many objects this node has, of all buckets.
    public long objectCount() {
        long objects = 0;
        for (VolumeStore store : volumes.all()) {
            objects += store.objectCount();
        }
        return objects;
    }

    /// Every volume, and how it is.
    public List<VolumeStatus> volumeStatuses() {
        return volumes.current().members().stream()
                .map(member -> VolumeReport.of(member, mover))
                .toList();
    }

    /// Takes a folder into service as a further volume and returns its id. Throws ALREADY_EXISTS,
    /// INVALID_ARGUMENT, IN_USE, CORRUPT or VOLUME_FAILED.
    public String addVolume(String folder) {
        return lifecycle.add(folder);
    }

    /// Changes what a volume is there for; `volume` is its id or folder. Throws INVALID_ARGUMENT when there is
    /// none, IN_USE when it cannot be done now, and what opening a volume throws.
    public void changeVolume(String volume, VolumeChange change) {
        switch (change) {
            case ENABLE -> lifecycle.enable(volume);
            case DISABLE -> lifecycle.disable(volume);
            case DRAIN -> lifecycle.drain(volume);
            case REMOVE -> lifecycle.remove(volume, VolumeLifecycle.Removal.EMPTY);
            case REMOVE_WITH_OBJECTS -> lifecycle.remove(volume, VolumeLifecycle.Removal.FORCE);
            case REMOVE_WITH_NOTES -> lifecycle.remove(volume, VolumeLifecycle.Removal.FORCE_WITH_NOTES);
            case CHECK -> lifecycle.check(volume);
            case RESCAN -> {
                lifecycle.requireServing(volume);
                volumes.unsettle();
            }
        }
    }

    /// Runs an action whenever a volume that was out of service is back with what it had.
    public void whenVolumeReturns(Runnable action) {
        lifecycle.whenReturned(action);
    }

    /// Works as the mover's thread does, until every object is where it belongs; false when that cannot be now.
    boolean settle() {
        return mover.settle();
    }

    /// Takes failed volumes out of service, as the watching thread does.
    void checkHealth() {
        lifecycle.checkFailures();
    }

    /// Closes the volumes. No call may be under way, and no cursor open.
    @Override
    public void close() {
        closing.close();
    }

    VolumeSet volumes() {
        return volumes;
    }

    /// Remembers that stored bytes of an object do not have their checksum, if it still is as it was found.
    public void reportDamage(Bucket bucket, ObjectKey key, ObjectRecord record, String reason) {
        byte[] indexKey = IndexKeys.of(bucket.id(), key);
        for (Copies.Copy copy : volumes.copies(indexKey).found()) {
            if (Arrays.equals(copy.record().value(), record.value())) {
                copy.store().damage().report(Family.of(indexKey), indexKey, record, reason);
            }
        }
    }

    /// Everything that is damaged on the node's volumes.
    public List<DamagedObject> damaged() {
        List<DamagedObject> all = new ArrayList<>();
        volumes.all().forEach(store -> all.addAll(store.damage().list()));
        return all;
    }

    /// How the scrub of each volume stands.
    public List<ScrubStatus> scrubStatuses() {
        return volumes.all().stream().map(store -> store.scrub().status()).toList();
    }

    /// Makes the scrub of a volume begin now; of all volumes when the id is empty. False when no volume has
    /// that id.
    public boolean scrub(String volumeId) {
        boolean found = false;
        for (VolumeStore store : volumes.all()) {
            if (volumeId.isEmpty() || store.volume().toString().equals(volumeId)) {
                store.scrub().request();
                found = true;
            }
        }
        return found;
    }

    private static List<ObjectScan> scans(Membership set, long bucketId) {
        byte[] end = IndexKeys.bucketEnd(bucketId);
        List<ObjectScan> scans = new ArrayList<>();
        boolean complete = false;
        try {
            for (VolumeStore store : set.serving()) {
                scans.add(new ObjectScan(bucketId, store.index().cursor(Family.CURRENT, end)));
            }
            complete = true;
            return scans;
        } finally {
            if (!complete) {
                scans.forEach(ObjectScan::close);
            }
        }
    }

    private static Map<String, String> changed(
            Map<String, String> present, Map<String, String> given, MapChange change) {
        return switch (change) {
            case REPLACE -> given;
            case MERGE -> {
                Map<String, String> merged = new LinkedHashMap<>(present);
                merged.putAll(given);
                yield merged;
            }
        };
    }
}
