package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.metadata.UploadRecord;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Uploads in parts: what is written of an object before it is one.
///
/// Locks: an upload's own, shared by the commits of its parts and exclusive for its end and while it changes its
/// volume,
/// then a key's. Who has the lock looks whether the upload is still where it was found.
final class Uploads {
    private static final int ID_BYTES = 16;

    /// How often the bytes of a completion are given to other nodes when others arrive meanwhile.
    private static final int MAX_STAGINGS = 3;

    /// The code of uploads that extend an object.
    static final int EXTEND = 3;

    private final VolumeSet volumes;
    private final UploadMove move;
    private final KeyLocks locks;
    private final WriteGate gate;
    private final InstantSource clock;
    private final KeyChanges changes;
    private final Redundancy redundancy;
    private final int maxParts;
    private final SecureRandom random = new SecureRandom();
    private final UploadLocks uploadLocks;

    /// How an object that was an upload becomes one.
    record Seam(KeyChanges changes, Redundancy redundancy) {}

    Uploads(VolumeSet volumes, UploadMove move, Guards guards, InstantSource clock, Seam seam, int maxParts) {
        this.changes = seam.changes;
        this.redundancy = seam.redundancy;
        this.volumes = volumes;
        this.move = move;
        this.uploadLocks = guards.uploads();
        this.locks = guards.keys();
        this.gate = guards.gate();
        this.clock = clock;
        this.maxParts = maxParts;
    }

    /// Where an upload is.
    @SuppressWarnings("ArrayRecordComponent") // Encoded keys, which nobody compares by this record.
    private record Place(VolumeStore store, byte[] objectKey, byte[] uploadKey, StampedLock lock) {
        /// The upload, if it is here.
        @Nullable
        UploadRecord upload() {
            byte[] value = store.index().find(Family.UPLOADS, uploadKey);
            return value == null || !UploadRecord.isHere(value) ? null : UploadRecord.of(value);
        }
    }

    String create(Bucket bucket, ObjectKey key, Upload.Options options) {
        byte[] idBytes = new byte[ID_BYTES];
        random.nextBytes(idBytes);
        String id = HexFormat.of().formatHex(idBytes);
        byte[] objectKey = IndexKeys.of(bucket.id(), key);
        Lock lock = locks.lock(objectKey);
        try {
            gate.check(bucket.id(), key);
            byte[] uploadKey = IndexKeys.upload(bucket.id(), key.name(), id);
            return inTurn(bucket, key, () -> {
                begin(bucket, objectKey, uploadKey, key, options);
                return id;
            });
        } finally {
            lock.unlock();
        }
    }

    private <T> T inTurn(Bucket bucket, ObjectKey key, Supplier<T> change) {
        Redundancy.Turn turn = redundancy.begin(bucket, key);
        try {
            return change.get();
        } finally {
            turn.close();
        }
    }

    private void begin(Bucket bucket, byte[] objectKey, byte[] uploadKey, ObjectKey key, Upload.Options options) {
        Copies.Copy extended = null;
        if (options.kind() == Upload.Kind.EXTEND) {
            extended = volumes.find(objectKey);
            if (extended == null) {
                throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
            }
        }
        ObjectRecord base = extended == null ? null : extended.record();
        VolumeStore store = extended == null ? volumes.admit(objectKey, 0) : extended.store();
        UploadRecord record = new UploadRecord(
                code(options.kind()),
                clock.millis(),
                base == null ? 0 : base.version(),
                base == null ? 0 : base.modifiedMillis(),
                options.note(),
                options.system(),
                options.custom(),
                options.seal());
        store.commit(List.of(new Mutation.Put(Family.UPLOADS, uploadKey, record.encode(), null)), bucket.durability());
    }

    @Nullable
    Upload find(Bucket bucket, ObjectKey key, String uploadId) {
        if (!isId(uploadId)) {
            return null;
        }
        try {
            while (true) {
                UploadRecord upload = place(bucket, key, uploadId).upload();
                if (upload != null) {
                    return upload(key.name(), uploadId, upload);
                }
            }
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_UPLOAD) {
                return null;
            }
            throw e;
        }
    }

    WriteSession beginPart(Bucket bucket, ObjectKey key, String uploadId, int number, WriteOptions options) {
        Check.argument(number >= 1, "part number %s is not 1 or more", number);
        Place place = place(bucket, key, uploadId);
        gate.check(bucket.id(), key);
        place.store.volume().space().admit(Math.max(0, options.storedLength()));
        return new WriteSession(
                "part " + number + " of " + key,
                options,
                new ByteSink(place.store.volume(), options.storedLength()),
                (written, conditions) -> {
                    Check.argument(conditions.equals(Conditions.NONE), "a part has no conditions");
                    ObjectWriter.prepare(written.sink(), bucket.durability());
                    return commitPart(bucket, key, new PartNumber(uploadId, number), written, place.store);
                });
    }

    /// One part of an upload.
    private record PartNumber(String uploadId, int number) {}

    List<Part> listParts(Bucket bucket, ObjectKey key, String uploadId) {
        while (true) {
            Place place = place(bucket, key, uploadId);
            long stamp = place.lock.readLock();
            try {
                if (place.upload() != null) {
                    return parts(place, uploadId);
                }
            } finally {
                place.lock.unlockRead(stamp);
            }
        }
    }

    List<FileSlice> openPart(Bucket bucket, ObjectKey key, Part part) {
        if (part.record().size() == 0) {
            return List.of();
        }
        List<FileSlice> slices = open(part);
        if (slices == null) {
            // The upload may be on another volume by now.
            for (Part now : listParts(bucket, key, part.uploadId())) {
                if (now.number() == part.number()
                        && now.record().etag().equals(part.record().etag())) {
                    slices = open(now);
                }
            }
        }
        if (slices == null) {
            throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "part " + part.number() + " of " + key + " is gone");
        }
        return slices;
    }

    private static @Nullable List<FileSlice> open(Part part) {
        ByteRange all = new ByteRange(0, part.record().size());
        return part.store().open(part.record(), all, Waiting.ALLOWED);
    }

    ObjectRecord complete(
            Bucket bucket, ObjectKey key, String uploadId, Conditions conditions, Completion.Decision decision) {
        for (int tries = 0; tries < MAX_STAGINGS; tries++) {
            PiecedContent content = new PiecedContent(key, () -> pieces(bucket, key, uploadId, decision));
            try (Redundancy.Staged staged = redundancy.stage(bucket, key, content)) {
                Meant meant = new Meant(uploadId, conditions, decision, content, staged);
                ObjectRecord record = complete(bucket, key, meant).record;
                if (record != null) {
                    return record;
                }
            }
        }
        throw new StoreException(ErrorCode.IN_USE, key + " changes, or parts of it, while it is completed");
    }

    /// What an upload is to become.
    private record Meant(
            String uploadId,
            Conditions conditions,
            Completion.Decision decision,
            PiecedContent content,
            Redundancy.Staged staged) {}

    /// What became of a completion.
    ///
    /// @param record null when other bytes were staged than are completed
    private record Completed(@Nullable ObjectRecord record) {}

    private Completed complete(Bucket bucket, ObjectKey key, Meant meant) {
        while (true) {
            Place place = place(bucket, key, meant.uploadId);
            long stamp = place.lock.writeLock();
            try {
                UploadRecord upload = place.upload();
                if (upload != null) {
                    return changes.make(bucket, key, new Completing(bucket, key, place, upload, meant));
                }
            } finally {
                place.lock.unlockWrite(stamp);
            }
        }
    }

    /// The change that makes an upload an object; the upload's lock is held.
    private final class Completing implements KeyChange<Completed> {
        private final Bucket bucket;
        private final ObjectKey key;
        private final Place place;
        private final UploadRecord upload;
        private final Meant meant;
        private @Nullable Completion completion;
        private @Nullable RecordDraft draft;
        private @Nullable Succession succession;

        private Completing(Bucket bucket, ObjectKey key, Place place, UploadRecord upload, Meant meant) {
            this.bucket = bucket;
            this.key = key;
            this.place = place;
            this.upload = upload;
            this.meant = meant;
        }

        @Override
        public @Nullable Completed judge(Copies copies, Stamp known) {
            copies.requireCertain(key.toString(), meant.conditions);
            ObjectRecord before = copies.record();
            meant.conditions.check(key, before);
            changes.announcements().admit(bucket);
            succession = Succession.of(bucket, key, copies, volumes, clock.millis());
            Base base = new Base(before, valid(copies, place.store));
            Completion decided =
                    meant.decision.of(upload(key.name(), meant.uploadId, upload), parts(place, meant.uploadId));
            completion = decided;
            draft = assemble(key, upload, meant.uploadId, decided, base, succession);
            boolean staged = meant.content.settle(pieces(upload, decided, base.here, place.store));
            return staged ? null : new Completed(null);
        }

        @Override
        public @Nullable Stamp replicate(Redundancy.Turn turn, Stamp stamp) {
            return Succession.newest(
                    succession().replicate(turn, stamp),
                    turn.replicate(draft(stamp).withExtents(null), meant.content, meant.staged, null));
        }

        @Override
        public boolean tellsWhatWas() {
            return !meant.conditions.equals(Conditions.NONE) || kind(upload.kind()) == Upload.Kind.EXTEND;
        }

        @Override
        public Stamp floor() {
            return succession().floor();
        }

        private Succession succession() {
            return Objects.requireNonNull(succession, "judged before");
        }

        @Override
        public Completed commit(Redundancy.Turn turn, Copies copies, Stamp stamp) {
            RecordDraft stamped = draft(stamp);
            if (turn.isShared()) {
                // What is extended may have been moved by compaction while other nodes were asked.
                stamped = stamped.withExtents(again(copies).extents());
            }
            byte[] value = stamped.encode();
            ObjectRecord replaced = copies.on(place.store);
            Mutation put = new Mutation.Put(
                    Family.CURRENT, place.objectKey, value, replaced == null ? null : replaced.value());
            volumes.beforeWrite(place.store, place.objectKey);
            remember(place, turn, bucket);
            List<Placed> before = succession().changes(copies, stamp, changes.tombstones(turn));
            Announcements.Announcement told = announcement(stamped);
            List<Mutation> mutations = new ArrayList<>(changes.commitOthers(place.store, before, bucket));
            mutations.addAll(told.puts());
            mutations.addAll(ending(place, put));
            place.store.commit(mutations, copies.durability(bucket.durability(), place.store));
            changes.announcements().made(told);
            volumes.supersede(copies, place.store, place.objectKey, clock.millis(), bucket.durability());
            return new Completed(ObjectRecord.of(value));
        }

        private Announcements.Announcement announcement(RecordDraft stamped) {
            boolean parts = Uploads.kind(upload.kind()) == Upload.Kind.MULTIPART;
            Change.Kind kind = parts ? Change.Kind.COMPLETED : Change.Kind.WRITTEN;
            return changes.announcements().of(bucket, key, kind, stamped);
        }

        private RecordDraft again(Copies copies) {
            Base base = new Base(copies.record(), valid(copies, place.store));
            return assemble(
                    key,
                    upload,
                    meant.uploadId,
                    Objects.requireNonNull(completion, "judged before"),
                    base,
                    succession());
        }

        private RecordDraft draft(Stamp stamp) {
            return Objects.requireNonNull(draft, "judged before").withStamp(stamp);
        }
    }

    /// Leaves a tombstone of an upload that is about to end, where another node may have it. Its own record
    /// comes first: while the upload is here it counts for nothing.
    private void remember(Place place, Redundancy.Turn turn, Bucket bucket) {
        if (turn.leavesTombstone()) {
            Stamp stamp = Stamp.NONE.next(turn.epoch());
            place.store.commit(
                    List.of(Tombstones.put(
                            place.store,
                            place.uploadKey,
                            stamp,
                            changes.removals().millis())),
                    bucket.durability());
        }
    }

    /// What a completion would make the object of, as things are.
    private List<PiecedContent.Piece> pieces(
            Bucket bucket, ObjectKey key, String uploadId, Completion.Decision decision) {
        while (true) {
            Place place = place(bucket, key, uploadId);
            long stamp = place.lock.readLock();
            try {
                UploadRecord upload = place.upload();
                if (upload != null) {
                    Completion completion = decision.of(upload(key.name(), uploadId, upload), parts(place, uploadId));
                    return pieces(upload, completion, valid(volumes.copies(place.objectKey), place.store), place.store);
                }
            } finally {
                place.lock.unlockRead(stamp);
            }
        }
    }

    private static List<PiecedContent.Piece> pieces(
            UploadRecord upload, Completion completion, @Nullable ObjectRecord base, VolumeStore store) {
        List<PiecedContent.Piece> pieces = new ArrayList<>();
        if (kind(upload.kind()) == Upload.Kind.EXTEND && base != null) {
            pieces.add(new PiecedContent.Piece(store, base, Math.min(base.size(), completion.front())));
        }
        for (Part part : completion.parts()) {
            pieces.add(PiecedContent.Piece.all(new Copies.Copy(part.store(), part.record())));
        }
        return pieces;
    }

    /// The valid record of an object if a volume has it, also when another one has it as well.
    private static @Nullable ObjectRecord valid(Copies copies, VolumeStore store) {
        Copies.Copy best = copies.best();
        ObjectRecord here = copies.on(store);
        return best == null || here == null || best.isNewerThan(new Copies.Copy(store, here)) ? null : here;
    }

    void abort(Bucket bucket, ObjectKey key, String uploadId) {
        while (true) {
            Place place = place(bucket, key, uploadId);
            long stamp = place.lock.writeLock();
            try {
                gate.check(bucket.id(), key);
                if (place.upload() != null) {
                    try (Redundancy.Turn turn = redundancy.begin(bucket, key)) {
                        remember(place, turn, bucket);
                        place.store.commit(ending(place, null), bucket.durability());
                    }
                    return;
                }
            } finally {
                place.lock.unlockWrite(stamp);
            }
        }
    }

    /// The record of an upload that is here, or null.
    @Nullable
    UploadRecord findRecord(Bucket bucket, ObjectKey key, String uploadId) {
        try {
            return place(bucket, key, uploadId).upload();
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_UPLOAD) {
                return null;
            }
            throw e;
        }
    }

    /// Takes over an upload of another node, under its id, without its parts: they come by `receivePart`.
    /// False when the upload was here and has ended. One that is here stays as it is.
    boolean receive(Bucket bucket, ObjectKey key, String uploadId, UploadRecord record) {
        Check.argument(isId(uploadId), "upload id \"%s\" is not one", uploadId);
        byte[] objectKey = IndexKeys.of(bucket.id(), key);
        byte[] uploadKey = IndexKeys.upload(bucket.id(), key.name(), uploadId);
        StampedLock uploadLock = uploadLocks.of(uploadId);
        long stamp = uploadLock.writeLock();
        try {
            Lock lock = locks.lockInTurn(objectKey);
            try {
                gate.check(bucket.id(), key);
                if (volumes.tombstone(uploadKey) != null) {
                    return false;
                }
                if (findRecord(uploadKey) == null) {
                    // What it extends is on one volume with it.
                    Copies.Copy object = volumes.copies(objectKey).best();
                    VolumeStore store = object == null ? volumes.admit(objectKey, 0) : object.store();
                    byte[] value = record.here().encode();
                    store.commit(
                            List.of(new Mutation.Put(Family.UPLOADS, uploadKey, value, null)), bucket.durability());
                }
                return true;
            } finally {
                lock.unlock();
            }
        } finally {
            uploadLock.unlockWrite(stamp);
        }
    }

    private @Nullable VolumeStore findRecord(byte[] uploadKey) {
        for (VolumeStore store : volumes.all()) {
            if (store.index().find(Family.UPLOADS, uploadKey) != null) {
                return store;
            }
        }
        return null;
    }

    /// The volume for a part that another node sends.
    VolumeStore storeOf(Bucket bucket, ObjectKey key, String uploadId) {
        return place(bucket, key, uploadId).store;
    }

    /// Commits a part that another node sent, unless there is one of that number. The sink is on the volume that
    /// `storeOf` gave; throws BUSY when the upload has left it.
    void receivePart(
            Bucket bucket, ObjectKey key, String uploadId, int number, RecordDraft description, Incoming incoming) {
        Place place = place(bucket, key, uploadId);
        byte[] partKey = IndexKeys.part(place.uploadKey, number);
        long stamp = place.lock.readLock();
        try {
            Lock lock = locks.lockInTurn(partKey);
            try {
                gate.check(bucket.id(), key);
                if (!place.store.equals(incoming.store) || place.upload() == null) {
                    throw new StoreException(
                            ErrorCode.BUSY, "upload \"" + uploadId + "\" is being moved, or has just ended");
                }
                if (place.store.index().find(Family.PARTS, partKey) == null) {
                    ObjectWriter.commit(
                            place.store,
                            bucket.durability(),
                            incoming.sink,
                            new ObjectWriter.Slot(Family.PARTS, partKey, null, List.of()),
                            extents -> description.withExtents(extents).encode());
                }
            } finally {
                lock.unlock();
            }
        } finally {
            place.lock.unlockRead(stamp);
        }
    }

    /// Bytes that came from another node, and the volume that they are on.
    record Incoming(VolumeStore store, ByteSink sink) {}

    /// Drops an upload that is another node's to keep.
    void discard(Bucket bucket, ObjectKey key, String uploadId) {
        Place place;
        try {
            place = place(bucket, key, uploadId);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_UPLOAD) {
                return;
            }
            throw e;
        }
        long stamp = place.lock.writeLock();
        try {
            gate.check(bucket.id(), key);
            if (place.upload() != null) {
                place.store.commit(ending(place, null), bucket.durability());
            }
        } finally {
            place.lock.unlockWrite(stamp);
        }
    }

    List<Upload> list(long bucketId, String afterName, String afterId, int limit) {
        byte[] from = afterName.isEmpty()
                ? IndexKeys.bucketStart(bucketId)
                : afterId.isEmpty()
                        ? IndexKeys.pastUploads(bucketId, afterName)
                        : IndexKeys.successor(IndexKeys.upload(bucketId, afterName, afterId));
        while (true) {
            long before = volumes.relocations();
            Membership set = volumes.current();
            set.requireComplete();
            List<Mutation.Entry> entries = UploadListing.first(set.serving(), from, bucketId, limit);
            if (volumes.relocations() == before) {
                return entries.stream()
                        .map(entry -> upload(
                                IndexKeys.name(entry.key()),
                                IndexKeys.uploadId(entry.key()),
                                UploadRecord.of(entry.value())))
                        .toList();
            }
        }
    }

    /// Returns when every commit of a part, and every end of an upload, that was under way has ended.
    void awaitHolders() {
        uploadLocks.awaitHolders();
    }

    /// Commits a part on the volume that the upload is on by now; its bytes are on the one where it was.
    private ObjectRecord commitPart(
            Bucket bucket, ObjectKey key, PartNumber part, WriteSession.Written written, VolumeStore bytesOn) {
        Place place = place(bucket, key, part.uploadId);
        boolean moved = !place.store.equals(bytesOn);
        try (ByteSink copy = moved ? written.sink().copyTo(place.store.volume()) : null) {
            ByteSink sink = copy == null ? written.sink() : copy;
            if (copy != null) {
                ObjectWriter.prepare(copy, bucket.durability());
            }
            byte[] partKey = IndexKeys.part(place.uploadKey, part.number);
            long stamp = place.lock.readLock();
            try {
                Lock lock = locks.lock(partKey);
                try {
                    gate.check(bucket.id(), key);
                    if (place.upload() != null) {
                        return inTurn(bucket, key, () -> commitPart(bucket, place.store, partKey, written, sink));
                    }
                } finally {
                    lock.unlock();
                }
            } finally {
                place.lock.unlockRead(stamp);
            }
        }
        // It moved meanwhile, or has ended.
        return commitPart(bucket, key, part, written, bytesOn);
    }

    private ObjectRecord commitPart(
            Bucket bucket, VolumeStore store, byte[] partKey, WriteSession.Written written, ByteSink sink) {
        byte[] before = store.index().find(Family.PARTS, partKey);
        RecordDraft draft = written.draft(clock.millis(), 1);
        return ObjectWriter.commit(
                store,
                bucket.durability(),
                sink,
                new ObjectWriter.Slot(Family.PARTS, partKey, before, List.of()),
                extents -> draft.withExtents(extents).encode());
    }

    /// What an object was before.
    ///
    /// @param here the same if it is on the upload's volume
    private record Base(
            @Nullable ObjectRecord before, @Nullable ObjectRecord here) {}

    /// The object that an upload becomes.
    private RecordDraft assemble(
            ObjectKey key,
            UploadRecord upload,
            String uploadId,
            Completion completion,
            Base base,
            Succession succession) {
        ObjectRecord before = base.before;
        Extents.Builder extents = new Extents.Builder();
        Upload.Kind kind = kind(upload.kind());
        if (kind == Upload.Kind.EXTEND) {
            ObjectRecord here = base.here;
            if (here == null && before != null && isBase(before, upload)) {
                throw new StoreException(
                        ErrorCode.BUSY,
                        key + " is being moved to another volume, and what is appended has yet to follow");
            }
            if (here == null || !isBase(here, upload)) {
                throw new StoreException(
                        ErrorCode.PRECONDITION_FAILED, key + " has changed since appending to it began");
            }
            extents.addFront(here.extents(), completion.front());
        }
        List<PartSpan> spans = new ArrayList<>();
        for (Part part : completion.parts()) {
            if (kind == Upload.Kind.MULTIPART) {
                spans.add(span(part, extents.length(), completion.partChecksum()));
            }
            extents.add(part.record().extents());
        }
        if (extents.count() > maxParts) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE, key + " would have more than " + maxParts + " pieces (limit max-parts)");
        }
        long now = clock.millis();
        ObjectRecord extended = kind == Upload.Kind.EXTEND ? before : null;
        boolean unique = completion.etag() == null
                && completion.checksums().stream()
                        .noneMatch(c -> c.type() == ChecksumType.MD5 || c.type() == ChecksumType.XXHASH64);
        RecordDraft draft = new RecordDraft(
                extents.length(),
                now,
                now,
                succession.count(),
                completion.checksums(),
                unique ? uploadId + "-x" : completion.etag(),
                completion.compositeChecksum(),
                succession.attributes(extended == null ? upload.system() : extended.system()),
                extended == null ? upload.custom() : extended.custom(),
                extents.build(),
                spans);
        return draft.withSeal(completion.seal());
    }

    private static boolean isBase(ObjectRecord record, UploadRecord upload) {
        return record.version() == upload.baseVersion() && record.modifiedMillis() == upload.baseModifiedMillis();
    }

    private static PartSpan span(Part part, long offset, @Nullable ChecksumType remembered) {
        Checksum checksum = remembered == null ? null : part.record().checksum(remembered);
        return new PartSpan(part.number(), offset, part.record().size(), checksum);
    }

    /// The mutations that end an upload, after another one where there is.
    private static List<Mutation> ending(Place place, @Nullable Mutation first) {
        byte[] from = IndexKeys.partsStart(place.uploadKey);
        byte[] to = IndexKeys.partsEnd(place.uploadKey);
        List<Mutation> mutations = new ArrayList<>(3);
        if (first != null) {
            mutations.add(first);
        }
        byte[] upload = place.store.index().find(Family.UPLOADS, place.uploadKey);
        mutations.add(new Mutation.Remove(Family.UPLOADS, place.uploadKey, upload));
        mutations.add(new Mutation.RemoveRange(Family.PARTS, from, to, partEntries(place)));
        return mutations;
    }

    private static List<Mutation.Entry> partEntries(Place place) {
        List<Mutation.Entry> entries = new ArrayList<>();
        byte[] end = IndexKeys.partsEnd(place.uploadKey);
        try (IndexCursor cursor = place.store.index().cursor(Family.PARTS, end)) {
            for (cursor.seek(IndexKeys.partsStart(place.uploadKey)); cursor.isValid(); cursor.next()) {
                entries.add(new Mutation.Entry(cursor.key(), cursor.value()));
            }
        }
        return entries;
    }

    private static List<Part> parts(Place place, String uploadId) {
        List<Part> parts = new ArrayList<>();
        for (Mutation.Entry entry : partEntries(place)) {
            int number = IndexKeys.partNumber(entry.key());
            parts.add(new Part(number, ObjectRecord.of(entry.value()), uploadId, place.store));
        }
        return parts;
    }

    private Place place(Bucket bucket, ObjectKey key, String uploadId) {
        if (!isId(uploadId)) {
            throw noSuchUpload(uploadId);
        }
        byte[] objectKey = IndexKeys.of(bucket.id(), key);
        byte[] uploadKey = IndexKeys.upload(bucket.id(), key.name(), uploadId);
        return new Place(storeOf(uploadKey, uploadId), objectKey, uploadKey, uploadLocks.of(uploadId));
    }

    /// The volume that has an upload: the one that its object was to go to when it began, or was moved to
    /// since. Throws NO_SUCH_UPLOAD, or VOLUME_FAILED when it may be on one that is out of service.
    private VolumeStore storeOf(byte[] uploadKey, String uploadId) {
        Membership set = volumes.current();
        for (VolumeStore store : set.serving()) {
            byte[] value = store.index().find(Family.UPLOADS, uploadKey);
            if (value != null && UploadRecord.isHere(value)) {
                return store;
            }
        }
        // While it changes its volume it is on none for a moment.
        VolumeStore store = set.members().size() == 1 ? null : move.locate(uploadKey);
        if (store != null) {
            return store;
        }
        if (set.absent().isEmpty()) {
            throw noSuchUpload(uploadId);
        }
        throw Membership.unknown("upload \"" + uploadId + "\"", set.absent());
    }

    private static StoreException noSuchUpload(String uploadId) {
        return new StoreException(ErrorCode.NO_SUCH_UPLOAD, "upload \"" + uploadId + "\" does not exist");
    }

    private static boolean isId(String text) {
        return text.length() == 2 * ID_BYTES && text.chars().allMatch(c -> HexFormat.isHexDigit(c));
    }

    private static Upload upload(String name, String id, UploadRecord record) {
        return new Upload(
                name,
                id,
                kind(record.kind()),
                record.createdMillis(),
                record.note(),
                record.system(),
                record.custom(),
                record.seal());
    }

    /// Codes are part of the storage format.
    private static int code(Upload.Kind kind) {
        return switch (kind) {
            case MULTIPART -> 1;
            case APPEND -> 2;
            case EXTEND -> EXTEND;
        };
    }

    private static Upload.Kind kind(int code) {
        return switch (code) {
            case 1 -> Upload.Kind.MULTIPART;
            case 2 -> Upload.Kind.APPEND;
            case EXTEND -> Upload.Kind.EXTEND;
            default -> throw new StoreException(ErrorCode.CORRUPT, "an upload has the unknown kind " + code);
        };
    }
}
