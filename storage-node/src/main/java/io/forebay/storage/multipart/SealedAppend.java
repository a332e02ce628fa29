package io.forebay.storage.multipart;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.io.Crc;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.storage.crypto.OpenedRecord;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Part;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an encrypted object and what was appended to it become together: no byte is encrypted again. The checksums of
/// the whole come from reading all once, or from those of the object where they combine.
final class SealedAppend {
    private final ObjectStore store;
    private final Sealing sealing;
    private final Bucket bucket;
    private final ObjectKey key;

    SealedAppend(ObjectStore store, Sealing sealing, Bucket bucket, ObjectKey key) {
        this.store = store;
        this.sealing = sealing;
        this.bucket = bucket;
        this.key = key;
    }

    /// @param stored the checksum of all ciphertext
    record Whole(Checksum stored, Seal seal) {
        Completion completion(List<Part> pieces) {
            return new Completion(pieces, null, List.of(stored), null, null, seal);
        }
    }

    /// Reads object and pieces. Throws CHECKSUM_MISMATCH when the content has not the expected checksum,
    /// PRECONDITION_FAILED when the object is another one by now.
    Whole read(Upload.Kind kind, List<Part> pieces, @Nullable Checksum expected) {
        ChecksumType asked = expected == null ? ChecksumType.XXHASH64 : expected.type();
        Reading reading = new Reading(List.of(ChecksumType.XXHASH64, asked), ChecksumType.XXHASH64);
        if (kind == Upload.Kind.EXTEND) {
            reading.base();
        }
        pieces.forEach(reading::piece);
        List<Checksum> actual = reading.content.finish();
        Appends.require(key, expected, actual);
        return whole(reading.opened, actual.getFirst(), reading.stored());
    }

    /// Reads the pieces behind an object, and the object too if its checksums do not combine with theirs. Throws
    /// PRECONDITION_FAILED when the object is another one by now.
    Whole extend(ObjectRecord base, List<Part> pieces) {
        OpenedRecord front = openedBase(base);
        Checksum content = Appends.carried(front.record());
        Checksum stored = Appends.carried(base);
        if (content == null || stored == null) {
            Reading reading = new Reading(List.of(ChecksumType.CRC64NVME), ChecksumType.CRC64NVME);
            reading.base();
            pieces.forEach(reading::piece);
            return whole(reading.opened, reading.content.finish().getFirst(), reading.stored());
        }
        Reading reading = new Reading(List.of(content.type()), stored.type());
        pieces.forEach(reading::piece);
        List<OpenedRecord> all = new ArrayList<>(List.of(front));
        all.addAll(reading.opened);
        long storedBytes =
                pieces.stream().mapToLong(piece -> piece.record().size()).sum();
        return whole(
                all,
                Crc.combine(content, reading.content.finish().getFirst(), size(reading.opened)),
                Crc.combine(stored, reading.stored(), storedBytes));
    }

    private Whole whole(List<OpenedRecord> opened, Checksum content, Checksum stored) {
        RecordDraft seen = RecordDraft.ofContent(size(opened), List.of(content), null, List.of());
        return new Whole(stored, sealing.join(opened, seen));
    }

    private static long size(List<OpenedRecord> opened) {
        return opened.stream().mapToLong(piece -> piece.record().size()).sum();
    }

    /// The record of what was made of it as its readers see it.
    ObjectRecord opened(ObjectRecord record) {
        return sealing.open(record).record();
    }

    /// The object that is extended: one that another key opens is another object.
    private OpenedRecord openedBase(ObjectRecord base) {
        try {
            return sealing.open(base);
        } catch (StoreException e) {
            throw e.code() == ErrorCode.CORRUPT
                    ? new StoreException(
                            ErrorCode.PRECONDITION_FAILED, key + " has changed since appending to it began", e)
                    : e;
        }
    }

    /// What is read, in its order.
    private final class Reading {
        final List<OpenedRecord> opened = new ArrayList<>();
        final ChecksumSet content;
        private final ChecksumSet stored;

        Reading(List<ChecksumType> content, ChecksumType stored) {
            this.content = ChecksumSet.of(content);
            this.stored = ChecksumSet.of(List.of(stored));
        }

        Checksum stored() {
            return stored.finish().getFirst();
        }

        /// The object that is extended, if it is still there.
        void base() {
            if (store.read(bucket, key, Waiting.ALLOWED, ReadOutcome.Choice.ALL) instanceof ReadOutcome.Found found) {
                boolean closing = true;
                try {
                    OpenedRecord base = openedBase(found.record());
                    closing = false;
                    read(base, found.slices());
                } finally {
                    if (closing) {
                        found.slices().forEach(FileSlice::close);
                    }
                }
            }
        }

        void piece(Part part) {
            read(sealing.open(part.record()), store.openPart(bucket, key, part));
        }

        private void read(OpenedRecord piece, List<FileSlice> slices) {
            ByteRange all = new ByteRange(0, piece.record().size());
            try (ByteSource bytes = piece.source(new Summed(slices, stored), all)) {
                for (ByteBuffer next = bytes.next(); next != null; next = bytes.next()) {
                    content.update(next);
                }
            }
            opened.add(piece);
        }
    }

    /// Stored bytes that are summed up on their way.
    private static final class Summed implements ByteSource {
        private final PayloadSource source;
        private final ChecksumSet sum;

        Summed(List<FileSlice> slices, ChecksumSet sum) {
            this.source = new PayloadSource(new Payload.Slices(slices));
            this.sum = sum;
        }

        @Override
        public long length() {
            return source.length();
        }

        @Override
        public @Nullable ByteBuffer next() {
            ByteBuffer bytes = source.next();
            if (bytes != null) {
                sum.update(bytes);
            }
            return bytes;
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
