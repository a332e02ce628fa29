package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.UploadRecord;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;

/// Moves one object from volume to volume: the same record, its bytes copied and checked, first there, then gone
/// here.
///
/// No lock is held while bytes move. After a crash in the middle both copies are equal, and the next move
/// takes the old one away.
final class ObjectMove {
    private final VolumeSet volumes;
    private final KeyLocks locks;
    private final WriteGate gate;
    private final RecordBytes bytes;

    ObjectMove(VolumeSet volumes, Guards guards, RecordBytes bytes) {
        this.volumes = volumes;
        this.locks = guards.keys();
        this.gate = guards.gate();
        this.bytes = bytes;
    }

    /// What became of an object.
    enum Outcome {
        MOVED,
        /// It is where it belongs as well: an upload that extends it has to follow before it can go here.
        COPIED,
        /// It is where it belongs, or gone.
        NOTHING_TO_DO,
        /// It changed meanwhile, or its bucket takes no writes: another time.
        LATER,
        /// Where it belongs is no space.
        NO_SPACE
    }

    /// Moves an object to where it belongs. Throws CORRUPT when its bytes do not have their checksum, and what
    /// reading and writing throw; it is still readable at the source then.
    Outcome move(VolumeStore source, byte[] key) {
        ObjectRecord record = source.index().find(key);
        VolumeStore target = volumes.current().home(key);
        if (record == null || target.equals(source)) {
            return Outcome.NOTHING_TO_DO;
        }
        ObjectRecord there = target.index().find(key);
        if (there != null && !record.isNewerThan(there)) {
            return removeSuperseded(source, target, key);
        }
        if (!target.volume().space().tryAdmit(record.size())) {
            return Outcome.NO_SPACE;
        }
        try (ByteSink sink = new ByteSink(target.volume(), record.size())) {
            if (!bytes.copy(source, Family.of(key), key, record, sink)) {
                return Outcome.LATER;
            }
            ObjectWriter.prepare(sink, Durability.GROUP);
            return commit(source, target, key, record, sink);
        }
    }

    private Outcome commit(VolumeStore source, VolumeStore target, byte[] key, ObjectRecord record, ByteSink sink) {
        Lock lock = locks.lock(key);
        try {
            ObjectRecord now = source.index().find(key);
            if (now == null || !isAllowed(source, target, key) || !Arrays.equals(now.value(), record.value())) {
                return Outcome.LATER;
            }
            ObjectRecord there = target.index().find(key);
            RecordDraft draft = RecordDraft.of(record);
            ObjectWriter.commit(
                    target,
                    Durability.GROUP,
                    sink,
                    new ObjectWriter.Slot(Family.of(key), key, there == null ? null : there.value(), List.of()),
                    extents -> draft.withExtents(extents).encode());
            if (isExtended(source, key)) {
                return Outcome.COPIED;
            }
            remove(source, key, now);
            return Outcome.MOVED;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the copy away that is not newer than the one where the object belongs.
    private Outcome removeSuperseded(VolumeStore source, VolumeStore target, byte[] key) {
        Lock lock = locks.lock(key);
        try {
            ObjectRecord here = source.index().find(key);
            ObjectRecord there = target.index().find(key);
            if (here == null || there == null || here.isNewerThan(there) || !isAllowed(source, target, key)) {
                return Outcome.LATER;
            }
            if (isExtended(source, key)) {
                return Outcome.COPIED;
            }
            remove(source, key, here);
            return Outcome.MOVED;
        } finally {
            lock.unlock();
        }
    }

    private void remove(VolumeStore source, byte[] key, ObjectRecord record) {
        volumes.relocating();
        source.commit(List.of(new Mutation.Remove(Family.of(key), key, record.value())), Durability.GROUP);
    }

    private boolean isAllowed(VolumeStore source, VolumeStore target, byte[] key) {
        Membership set = volumes.current();
        return set.serves(source)
                && set.serves(target)
                && set.home(key).equals(target)
                && !gate.isClosed(IndexKeys.bucketId(key));
    }

    /// Whether an upload on that volume needs the object there.
    private static boolean isExtended(VolumeStore source, byte[] key) {
        for (Mutation.Entry upload : UploadMove.uploadsOf(source, key)) {
            UploadRecord record = UploadRecord.of(upload.value());
            if (record.stage() == UploadRecord.Stage.HERE && record.kind() == Uploads.EXTEND) {
                return true;
            }
        }
        return false;
    }
}
