package io.forebay.transform.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.packed.GzipPacker;
import io.forebay.transform.archive.packed.Lz4Packer;
import io.forebay.transform.archive.packed.Packer;
import io.forebay.transform.archive.tar.TarFraming;
import io.forebay.transform.archive.zip.ZipDirectory;
import io.forebay.transform.archive.zip.ZipEnd;
import io.forebay.transform.archive.zip.ZipWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// How one member is added to an archive: how many of its first bytes stay, and what follows them. Nothing is
/// replaced: of equal names the first still counts.
///
/// A tar keeps its members where they are, unless something other than zeros follows its end; a zip keeps
/// them too, and gets a new directory. What is packed is packed anew.
public final class ArchiveAppend {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long MILLIS = 1000;

    private final ArchiveFormat format;
    private final SeekableBytes archive;
    private final Bounds bounds;
    private final long end;
    private final boolean isInPlace;
    private final @Nullable ZipEnd zipEnd;

    private ArchiveAppend(
            ArchiveFormat format,
            SeekableBytes archive,
            Bounds bounds,
            long end,
            boolean isInPlace,
            @Nullable ZipEnd zipEnd) {
        this.format = format;
        this.archive = archive;
        this.bounds = bounds;
        this.end = end;
        this.isInPlace = isInPlace;
        this.zipEnd = zipEnd;
    }

    /// Reads the archive as far as is needed, which is all headers of a tar; its bytes stay the caller's.
    /// Throws INVALID_ARGUMENT, TOO_LARGE and UNSUPPORTED when it is refused.
    public static ArchiveAppend to(ArchiveFormat format, SeekableBytes archive, ArchiveLimits limits) {
        Bounds bounds = new Bounds(limits);
        if (format == ArchiveFormat.ZIP) {
            ZipDirectory directory = new ZipDirectory(archive, bounds);
            for (Member member = directory.next(); member != null; member = directory.next()) {
                // Whether it is right is all that matters.
            }
            ZipEnd zipEnd = directory.end();
            return new ArchiveAppend(format, archive, bounds, zipEnd.directoryAt(), true, zipEnd);
        }
        long end = tarEnd(format, archive, bounds);
        boolean isInPlace = format == ArchiveFormat.TAR && isZero(archive, end);
        return new ArchiveAppend(format, archive, bounds, end, isInPlace, null);
    }

    /// As the other, by the archive's index, so that a tar need not be read. The index is that of the archive
    /// as it is.
    public static ArchiveAppend to(MemberIndex index, SeekableBytes archive, ArchiveLimits limits) {
        boolean isKnown = index.format() == ArchiveFormat.TAR
                && index.archiveBytes() == archive.length()
                && isZero(archive, index.endAt());
        return isKnown
                ? new ArchiveAppend(ArchiveFormat.TAR, archive, new Bounds(limits), index.endAt(), true, null)
                : to(index.format(), archive, limits);
    }

    /// The index of the archive with a member that `write` adds, made from the one before, so that the
    /// archive need not be read; null where that cannot be: for all but a tar in its place.
    public @Nullable ByteSource index(MemberIndex before, String name, long size, long modifiedMillis) {
        if (format != ArchiveFormat.TAR || !isInPlace) {
            return null;
        }
        String called = MemberName.checked(name, bounds);
        long dataAt = end + TarFraming.header(called, size, modifiedMillis).remaining();
        long newEnd = dataAt + size + TarFraming.paddingBytes(size);
        long wholeSeconds = Math.floorDiv(modifiedMillis, MILLIS) * MILLIS;
        Member added = new Member(called, size, wholeSeconds, new Location.Verbatim(dataAt));
        return MemberIndexer.extended(before, added, newEnd + TarFraming.end().remaining(), newEnd, bounds.limits());
    }

    /// How many of the archive's first bytes stay as they are; what `write` gives follows them, and what was
    /// behind them goes. 0 when all of it is written anew.
    public long keptBytes() {
        return isInPlace ? end : 0;
    }

    /// Writes what follows the bytes that are kept. Throws INVALID_ARGUMENT for a name that a reader would
    /// refuse, and INCOMPLETE_BODY when the content has less than the size.
    ///
    /// @param content stays the caller's to close
    public void write(String name, long size, long modifiedMillis, ByteSource content, ArchiveSink sink) {
        String called = MemberName.checked(name, bounds);
        bounds.member();
        ArchiveWriter.Form form = form(sink);
        try (ArchiveWriter writer = new ArchiveWriter(form)) {
            if (!isInPlace && form instanceof TarForm tar) {
                copyTar(tar.packer());
            }
            writer.put(called, size, modifiedMillis, content);
            writer.finish();
        }
    }

    private ArchiveWriter.Form form(ArchiveSink sink) {
        if (zipEnd != null) {
            return new ZipForm(ZipWriter.after(archive, zipEnd, sink));
        }
        return new TarForm(
                switch (format) {
                    case TAR -> Packer.none(sink);
                    case TGZ -> new GzipPacker(sink);
                    case TAR_LZ4 -> new Lz4Packer(sink);
                    case ZIP -> throw new IllegalStateException("a zip has a directory");
                });
    }

    /// Passes all entries on, those too that are no members.
    private void copyTar(Packer packer) {
        Bounds again = new Bounds(bounds.limits());
        try (TarBytes bytes =
                format.isPackedTar() ? PackedTarBytes.of(archive, format, again) : new PlainTarBytes(archive)) {
            long left = end;
            while (left > 0) {
                ByteBuffer piece = bytes.next(left);
                if (piece == null) {
                    throw Refusal.truncated("before its end");
                }
                left -= piece.remaining();
                packer.write(piece);
            }
        }
    }

    private static long tarEnd(ArchiveFormat format, SeekableBytes archive, Bounds bounds) {
        try (TarWalk walk = ArchiveReader.walk(format, archive, bounds)) {
            for (Member member = walk.next(); member != null; member = walk.next()) {
                // Where they end is all that matters.
            }
            return walk.endAt();
        }
    }

    /// Whether nothing but zeros follows.
    private static boolean isZero(SeekableBytes archive, long from) {
        ByteBuffer piece = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = from; at < archive.length(); at += piece.limit()) {
            piece.clear().limit((int) Math.min(BUFFER_BYTES, archive.length() - at));
            archive.read(at, piece);
            for (int index = 0; index < piece.limit(); index++) {
                if (piece.get(index) != 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
