package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Waiting;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads stored bytes again to see whether they still have their checksum. Waits for the disk.
final class StoredChecks {
    private final ObjectStore store;

    StoredChecks(ObjectStore store) {
        this.store = store;
    }

    /// Throws CORRUPT when an object's bytes do not have the checksum stored with them, or a part's have not. Absent
    /// objects, and those without any checksum, pass.
    void verify(Bucket bucket, ObjectKey key) {
        ReadOutcome outcome = store.read(bucket, key.name(), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (outcome instanceof ReadOutcome.Found found) {
            try (SliceReader reader = new SliceReader(found.slices())) {
                verify(key, found.record(), reader);
            }
        }
    }

    /// The checksum of the slices' bytes; they stay open.
    static Checksum of(ChecksumType type, List<FileSlice> slices) {
        Checksummer checksummer = Checksummers.of(type);
        SliceReader reader = new SliceReader(slices);
        for (ByteBuffer bytes = reader.next(Long.MAX_VALUE); bytes != null; bytes = reader.next(Long.MAX_VALUE)) {
            checksummer.update(bytes);
        }
        return checksummer.finish();
    }

    private static void verify(ObjectKey key, ObjectRecord record, SliceReader reader) {
        @Nullable Checksum xxhash = record.checksum(ChecksumType.XXHASH64);
        List<Checksum> all = record.checksums();
        @Nullable Checksum whole = xxhash == null && !all.isEmpty() ? all.getFirst() : xxhash;
        if (whole != null) {
            verify(key, whole, record.size(), reader);
            return;
        }
        for (PartSpan part : record.parts()) {
            if (part.checksum() != null) {
                verify(key, part.checksum(), part.length(), reader);
            } else {
                skip(part.length(), reader);
            }
        }
    }

    private static void verify(ObjectKey key, Checksum stored, long length, SliceReader reader) {
        Checksummer checksummer = Checksummers.of(stored.type());
        long left = length;
        while (left > 0) {
            ByteBuffer bytes = reader.next(left);
            if (bytes == null) {
                break;
            }
            left -= bytes.remaining();
            checksummer.update(bytes);
        }
        Checksum actual = checksummer.finish();
        if (!actual.equals(stored)) {
            String type = stored.type().wireName();
            throw new StoreException(
                    ErrorCode.CORRUPT,
                    "BAD DATA CHECKSUM: " + key + " (" + type + "[" + actual.hex() + "] != " + type + "[" + stored.hex()
                            + "])");
        }
    }

    private static void skip(long length, SliceReader reader) {
        long left = length;
        while (left > 0) {
            ByteBuffer bytes = reader.next(left);
            if (bytes == null) {
                return;
            }
            left -= bytes.remaining();
        }
    }

    /// The bytes of slices, one after the other. Owns them: closing closes each.
    private static final class SliceReader implements AutoCloseable {
        private static final int CHUNK_BYTES = 256 * 1024;

        private final List<FileSlice> slices;
        private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        private int index;
        private long offset;

        SliceReader(List<FileSlice> slices) {
            this.slices = slices;
        }

        /// The next bytes, at most that many; null at the end.
        @Nullable
        ByteBuffer next(long max) {
            while (index < slices.size() && offset == slices.get(index).length()) {
                index++;
                offset = 0;
            }
            if (index == slices.size()) {
                return null;
            }
            FileSlice slice = slices.get(index);
            chunk.clear().limit((int) Math.min(Math.min(chunk.capacity(), max), slice.length() - offset));
            slice.read(offset, chunk);
            chunk.flip();
            offset += chunk.remaining();
            return chunk;
        }

        @Override
        public void close() {
            slices.forEach(FileSlice::close);
        }
    }
}
