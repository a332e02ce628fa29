package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.ObjectRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Copies what a record on one volume points to, and verifies it on the way. For one thread at a time.
final class RecordBytes {
    private static final int CHUNK_BYTES = 256 << 10;

    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    /// Copies the bytes of a record. False when a file has gone because the record is not the newest. Throws CORRUPT
    /// when they do not have their checksum.
    boolean copy(VolumeStore source, Family family, byte[] key, ObjectRecord record, ByteSink sink) {
        if (record.size() == 0) {
            return true;
        }
        List<FileSlice> slices = source.open(record, new ByteRange(0, record.size()), Waiting.ALLOWED);
        if (slices == null) {
            return false;
        }
        Checksum stored = stored(record);
        ChecksumSet checksums = ChecksumSet.of(stored == null ? List.of() : List.of(stored.type()));
        try {
            for (FileSlice slice : slices) {
                copy(slice, checksums, sink);
            }
        } finally {
            slices.forEach(FileSlice::close);
        }
        if (stored != null && !checksums.finish().equals(List.of(stored))) {
            source.damage().report(family, key, record, "its bytes do not have their checksum");
            throw new StoreException(
                    ErrorCode.CORRUPT,
                    "an object or part of " + record.size() + " bytes on volume " + source.volume()
                            + " does not have its " + stored.type().wireName() + ": it is not moved");
        }
        return true;
    }

    private void copy(FileSlice slice, ChecksumSet checksums, ByteSink sink) {
        for (long at = 0; at < slice.length(); at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK_BYTES, slice.length() - at));
            slice.read(at, chunk);
            chunk.flip();
            checksums.update(chunk);
            sink.write(chunk);
        }
    }

    private static @Nullable Checksum stored(ObjectRecord record) {
        Checksum xxhash = record.checksum(ChecksumType.XXHASH64);
        List<Checksum> all = record.checksums();
        return xxhash != null || all.isEmpty() ? xxhash : all.getFirst();
    }
}
