package io.forebay.storage.object;

import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Compares stored bytes with the checksums stored with them: the object's own if it has one, else those of its parts.
///
/// For one thread at a time.
public final class ContentCheck {
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(SliceReader.CHUNK_BYTES);
    private final LongConsumer whenRead;

    public ContentCheck() {
        this(bytes -> {});
    }

    /// @param whenRead is told of each piece of bytes that was read; what it throws ends the check
    ContentCheck(LongConsumer whenRead) {
        this.whenRead = whenRead;
    }

    /// A checksum that does not hold, and the run of the object's bytes that it is of.
    public record Mismatch(Checksum stored, Checksum actual, long offset, long length) {
        @Override
        public String toString() {
            String type = stored.type().wireName();
            return type + "[" + actual.hex() + "] != " + type + "[" + stored.hex() + "]";
        }
    }

    /// The first checksum that does not hold, or null. Bytes without any checksum are read all the same. The slices
    /// are all of the object's and stay open. Throws CORRUPT when a file is too short, VOLUME_FAILED.
    public @Nullable Mismatch mismatch(ObjectRecord record, List<FileSlice> slices) {
        SliceReader reader = new SliceReader(slices, chunk);
        Checksum whole = whole(record);
        if (whole != null || record.partCount() == 0) {
            return mismatch(whole, 0, record.size(), reader);
        }
        for (PartSpan part : record.parts()) {
            Mismatch found = mismatch(part.checksum(), part.offset(), part.length(), reader);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// The checksum of the slices' bytes; they stay open.
    public Checksum compute(ChecksumType type, List<FileSlice> slices) {
        Checksummer checksummer = Checksummers.of(type);
        SliceReader reader = new SliceReader(slices, chunk);
        for (ByteBuffer bytes = reader.next(Long.MAX_VALUE); bytes != null; bytes = reader.next(Long.MAX_VALUE)) {
            checksummer.update(bytes);
        }
        return checksummer.finish();
    }

    private static @Nullable Checksum whole(ObjectRecord record) {
        Checksum cheapest = record.checksum(ChecksumType.XXHASH64);
        List<Checksum> all = record.checksums();
        return cheapest == null && !all.isEmpty() ? all.getFirst() : cheapest;
    }

    private @Nullable Mismatch mismatch(@Nullable Checksum stored, long offset, long length, SliceReader reader) {
        Checksummer checksummer = stored == null ? null : Checksummers.of(stored.type());
        long left = length;
        while (left > 0) {
            ByteBuffer bytes = reader.next(left);
            if (bytes == null) {
                break;
            }
            left -= bytes.remaining();
            whenRead.accept(bytes.remaining());
            if (checksummer != null) {
                checksummer.update(bytes);
            }
        }
        Checksum actual = checksummer == null ? null : checksummer.finish();
        return stored == null || actual == null || actual.equals(stored)
                ? null
                : new Mismatch(stored, actual, offset, length);
    }
}
