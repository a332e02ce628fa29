package io.forebay.storage.object;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.FileIds;
import io.forebay.storage.volume.LargeFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Judges, while the log is replayed, whether large files are as its records say: after a crash a file of a write
/// without sync may be missing, short, or have its length without its bytes.
final class ReplayedFiles {
    private final LargeFiles files;
    private final FileIds ids;
    private final Set<Long> lost = new HashSet<>();
    private final Set<Long> sound = new HashSet<>();

    ReplayedFiles(LargeFiles files, FileIds ids) {
        this.files = files;
        this.ids = ids;
    }

    /// The mutations of one record without those that put what is not there as it was written: it was not
    /// acknowledged as durable, or a later record removes it. What the record removes stays removed. Files of a
    /// record with durability NONE are verified, and on stable storage when this returns.
    List<Mutation> withoutLost(List<Mutation> mutations, Durability durability) {
        List<Mutation> left = new ArrayList<>(mutations.size());
        for (Mutation mutation : mutations) {
            if (!(mutation instanceof Mutation.Put put) || !put.family().hasRecords() || hasFiles(put, durability)) {
                left.add(mutation);
            }
        }
        return left;
    }

    private boolean hasFiles(Mutation.Put put, Durability durability) {
        ObjectRecord record = ObjectRecord.of(put.value());
        return record.isInline() || haveAll(record, durability);
    }

    private boolean haveAll(ObjectRecord record, Durability durability) {
        Extents extents = record.extents();
        boolean all = true;
        for (int at = 0; at < extents.count(); at++) {
            if (extents.isSegment(at)) {
                continue;
            }
            long id = extents.id(at);
            // Also when the file is gone: another one of its id would be taken for it at the next replay.
            ids.passOver(id);
            all &= isThere(record, at, durability);
        }
        return all;
    }

    private boolean isThere(ObjectRecord record, int extent, Durability durability) {
        Extents extents = record.extents();
        long id = extents.id(extent);
        if (lost.contains(id) || !files.hasBytes(id, extents.offset(extent) + extents.length(extent))) {
            return false;
        }
        if (durability == Durability.NONE && sound.add(id)) {
            if (extents.count() == 1 && !isWhole(id, record)) {
                sound.remove(id);
                lost.add(id);
                return false;
            }
            files.sync(id);
        }
        return true;
    }

    /// Parts of an upload are verified when they are replayed themselves, so an object that has none of these
    /// checksums is made of files that are known.
    private boolean isWhole(long id, ObjectRecord record) {
        Checksum expected = record.checksum(ChecksumType.XXHASH64);
        return expected == null || files.hasContent(id, record.size(), expected);
    }
}
