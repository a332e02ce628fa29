package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.MutationCodec;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Tombstone;
import io.forebay.storage.metadata.UploadRecord;
import io.forebay.storage.volume.LogRecord;
import io.forebay.storage.volume.LogSurvey;
import io.forebay.storage.volume.OfflineVolume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Compares entries of an index with what they point to: their log record, and the bytes of their object.
final class EntryCheck {
    private static final String WRITE_AGAIN = "write the object again or remove it";

    private final OfflineVolume volume;
    private final List<LogSurvey.Stretch> damaged;
    private final WorkProgress progress;
    private final Consumer<VolumeFinding> findings;
    private final ContentCheck content = new ContentCheck();
    private final Set<Long> owned = new HashSet<>();
    private long verifiedBytes;

    /// @param damaged what of the log is known to be damaged
    EntryCheck(
            OfflineVolume volume,
            List<LogSurvey.Stretch> damaged,
            WorkProgress progress,
            Consumer<VolumeFinding> findings) {
        this.volume = volume;
        this.damaged = damaged;
        this.progress = progress;
        this.findings = findings;
    }

    long verifiedBytes() {
        return verifiedBytes;
    }

    /// Whether an entry seen so far has that large file.
    boolean isOwned(long file) {
        return owned.contains(file);
    }

    /// Whether a value can be decoded; one that cannot is reported.
    boolean decodes(Family family, byte[] key, byte[] value) {
        try {
            switch (family) {
                case UPLOADS -> UploadRecord.of(value);
                case TOMBSTONES -> Tombstone.of(value);
                case CURRENT, VERSIONS, PARTS, MEMBERS, VOLUME ->
                    ObjectRecord.of(value).extents();
            }
            return true;
        } catch (StoreException e) {
            report(VolumeFinding.Kind.INDEX, "index", family, key, "its entry cannot be decoded", WRITE_AGAIN);
            return false;
        }
    }

    /// Remembers which large files an entry has.
    void own(Family family, byte[] value) {
        if (family.hasRecords() && !ObjectRecord.of(value).isInline()) {
            Extents extents = ObjectRecord.of(value).extents();
            for (int index = 0; index < extents.count(); index++) {
                if (!extents.isSegment(index)) {
                    owned.add(extents.id(index));
                }
            }
        }
    }

    /// Verifies an entry that the log has beyond the index, and returns 1 if a start would take it in. A write
    /// that was not to be durable may have lost its file.
    int verifyTail(Family family, byte[] key, byte[] value, Durability durability) {
        if (durability == Durability.NONE && family.hasRecords() && open(ObjectRecord.of(value)) == null) {
            return 0;
        }
        own(family, value);
        verify(family, key, value);
        return 1;
    }

    void verify(Family family, byte[] key, byte[] value) {
        long segment = Location.segment(value);
        String home = volume.path(segment) + " at " + Integer.toUnsignedLong(Location.offset(value));
        LogRecord record = volume.record(segment, Integer.toUnsignedLong(Location.offset(value)));
        boolean inline = family.hasRecords() && ObjectRecord.of(value).isInline();
        if (record == null && inline) {
            object(family, key, home, "its log record, which has its bytes, is damaged or missing");
            return;
        }
        if (record == null) {
            String what = "its log record is damaged or missing: an index rebuilt from the log would not have it";
            report(VolumeFinding.Kind.LOG, home, family, key, what, "change an attribute of it, or write it again");
        } else if (!carries(record, family, key, value)) {
            String what = "the log record that its entry points to does not say the same";
            report(VolumeFinding.Kind.INDEX, home, family, key, what, "rebuild the index");
        }
        if (family.hasRecords()) {
            verifyContent(family, key, ObjectRecord.of(value));
        }
    }

    private void verifyContent(Family family, byte[] key, ObjectRecord record) {
        List<FileSlice> slices = open(record);
        if (slices == null) {
            object(family, key, missingFile(record), "a file that has bytes of it is missing");
            return;
        }
        try {
            ContentCheck.Mismatch mismatch = content.mismatch(record, slices);
            verifiedBytes += record.size();
            progress.at("objects", verifiedBytes, 0);
            if (mismatch != null) {
                object(family, key, where(record, mismatch), "its bytes do not have their checksum: " + mismatch);
            } else if (hitsDamage(record)) {
                object(family, key, where(record, null), "bytes of it lie in a damaged record");
            }
        } catch (StoreException e) {
            if (e.code() != ErrorCode.CORRUPT && e.code() != ErrorCode.VOLUME_FAILED) {
                throw e;
            }
            object(family, key, where(record, null), e.text());
        } finally {
            slices.forEach(FileSlice::close);
        }
    }

    /// All bytes of an object, or null when a file is missing.
    private @Nullable List<FileSlice> open(ObjectRecord record) {
        Extents extents = record.extents();
        List<FileSlice> slices = new ArrayList<>(extents.count());
        for (int index = 0; index < extents.count(); index++) {
            if (extents.length(index) > 0) {
                FileSlice slice = volume.slice(extents.id(index), extents.offset(index), extents.length(index));
                if (slice == null) {
                    slices.forEach(FileSlice::close);
                    return null;
                }
                slices.add(slice);
            }
        }
        return slices;
    }

    private boolean hitsDamage(ObjectRecord record) {
        if (damaged.isEmpty()) {
            return false;
        }
        Extents extents = record.extents();
        for (int index = 0; index < extents.count(); index++) {
            for (LogSurvey.Stretch stretch : damaged) {
                if (extents.isSegment(index)
                        && stretch.overlaps(extents.id(index), extents.offset(index), extents.length(index))) {
                    return true;
                }
            }
        }
        return false;
    }

    private String missingFile(ObjectRecord record) {
        Extents extents = record.extents();
        for (int index = 0; index < extents.count(); index++) {
            String path = volume.path(extents.id(index));
            if (!volume.exists(path)) {
                return path;
            }
        }
        return "a file";
    }

    /// The files that have the bytes, or those of them that a checksum is of.
    private String where(ObjectRecord record, ContentCheck.@Nullable Mismatch mismatch) {
        Extents extents = record.extents();
        long from = mismatch == null ? 0 : mismatch.offset();
        long to = mismatch == null ? record.size() : mismatch.offset() + mismatch.length();
        StringBuilder text = new StringBuilder();
        int first = extents.find(from);
        for (int index = first; index < extents.count() && extents.start(index) < to; index++) {
            if (index - first == 3) {
                return text.append(" and more").toString();
            }
            text.append(text.isEmpty() ? "" : ", ").append(volume.path(extents.id(index)));
            text.append(" at ").append(extents.offset(index));
        }
        return text.toString();
    }

    /// Whether a log record sets that key to that value.
    private static boolean carries(LogRecord record, Family family, byte[] key, byte[] value) {
        for (Mutation mutation : MutationCodec.read(record.operations())) {
            if (mutation instanceof Mutation.Put put && put.family() == family && Arrays.equals(put.key(), key)) {
                IndexApplier.place(put, record.segment(), record.offset(), record.overhead());
                return Arrays.equals(put.value(), value);
            }
        }
        return false;
    }

    private void object(Family family, byte[] key, String where, String what) {
        report(VolumeFinding.Kind.OBJECT, where, family, key, what, WRITE_AGAIN);
    }

    private void report(VolumeFinding.Kind kind, String where, Family family, byte[] key, String what, String remedy) {
        findings.accept(new VolumeFinding(kind, where, EntryName.of(family, key), what, remedy));
    }
}
