package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.Crc;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Sidecar;
import io.forebay.transform.archive.ArchiveAppend;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An archive that is an object, opened to be extended by a member. The caller closes it. For one thread.
public final class OpenArchive implements AutoCloseable {
    private static final int PIECE_BYTES = 128 << 10;

    private final List<FileSlice> slices;
    private final SeekableBytes bytes;
    private final @Nullable FileSlice beside;
    private final @Nullable MemberIndex index;
    private final ArchiveAppend append;

    private OpenArchive(
            List<FileSlice> slices,
            SeekableBytes bytes,
            @Nullable FileSlice beside,
            @Nullable MemberIndex index,
            ArchiveAppend append) {
        this.slices = slices;
        this.bytes = bytes;
        this.beside = beside;
        this.index = index;
        this.append = append;
    }

    /// Opens one; takes over the slices. Throws INVALID_ARGUMENT when it is no archive, and what
    /// `ArchiveAppend.to` throws; the slices are closed then.
    ///
    /// @param format null for the one that its first bytes show
    /// @param decrypted the bytes of the archive, where they are not the slices'; or null
    static OpenArchive of(
            ObjectArchives archives,
            @Nullable ArchiveFormat format,
            List<FileSlice> slices,
            @Nullable SeekableBytes decrypted,
            Sidecar sidecar,
            String name) {
        FileSlice beside = null;
        boolean complete = false;
        try {
            SeekableBytes bytes = decrypted == null ? SeekableBytes.of(slices) : decrypted;
            beside = sidecar.isPossible() ? sidecar.open() : null;
            MemberIndex index = beside == null ? null : archives.sound(sidecar, beside);
            ArchiveFormat known = format != null ? format : ObjectArchives.detected(bytes, name);
            ArchiveAppend append = index != null && index.format() == known
                    ? ArchiveAppend.to(index, bytes, archives.config().limits())
                    : ArchiveAppend.to(known, bytes, archives.config().limits());
            OpenArchive archive = new OpenArchive(slices, bytes, beside, index, append);
            complete = true;
            return archive;
        } finally {
            if (!complete) {
                close(slices, beside);
            }
        }
    }

    /// How many of its first bytes stay when it is extended.
    public long keptBytes() {
        return append.keptBytes();
    }

    /// Writes the archive with that member, from its beginning.
    public void rewrite(NewMember member, ArchiveSink sink) {
        copy(0, keptBytes(), sink);
        extend(member, sink);
    }

    /// Writes what follows the bytes that are kept.
    void extend(NewMember member, ArchiveSink sink) {
        member.appendTo(append, sink);
    }

    /// The index of the archive with that member; null where it is not known without reading.
    @Nullable
    ByteSource extendedIndex(NewMember member) {
        return index == null
                ? null
                : append.index(index, member.name(), member.content().size(), member.modifiedMillis());
    }

    /// A checksum of the bytes that are kept, of a type that combines: from one of the archive where it has
    /// one, else by reading them.
    Checksum ofKept(ObjectRecord record) {
        for (Checksum whole : record.checksums()) {
            if (Crc.combines(whole.type())) {
                long tail = bytes.length() - keptBytes();
                return Crc.front(whole, sum(whole.type(), keptBytes(), bytes.length()), tail);
            }
        }
        return sum(ChecksumType.CRC64NVME, 0, keptBytes());
    }

    private Checksum sum(ChecksumType type, long from, long to) {
        Checksummer sum = Checksummers.of(type);
        copy(from, to, sum::update);
        return sum.finish();
    }

    private void copy(long from, long to, ArchiveSink sink) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long at = from; at < to; at += piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, to - at));
            bytes.read(at, piece);
            sink.write(piece.flip());
        }
    }

    @Override
    public void close() {
        close(slices, beside);
    }

    private static void close(List<FileSlice> slices, @Nullable FileSlice beside) {
        slices.forEach(FileSlice::close);
        if (beside != null) {
            beside.close();
        }
    }
}
