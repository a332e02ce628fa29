package io.forebay.transform.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.zip.ZipDirectory;
import org.jspecify.annotations.Nullable;

/// The members of an archive one after the other: regular files only, in the order of the archive, or of the
/// directory of a zip. Of equal names the first counts, which is for the caller to see to.
///
/// For one thread at a time; whoever opens a reader closes it.
public final class ArchiveReader implements AutoCloseable {
    private final SeekableBytes archive;
    private final ArchiveFormat format;
    private final ArchiveLimits limits;
    private final @Nullable TarWalk tar;
    private final @Nullable ZipDirectory zip;
    private @Nullable Member member;

    private ArchiveReader(
            SeekableBytes archive,
            ArchiveFormat format,
            ArchiveLimits limits,
            @Nullable TarWalk tar,
            @Nullable ZipDirectory zip) {
        this.archive = archive;
        this.format = format;
        this.limits = limits;
        this.tar = tar;
        this.zip = zip;
    }

    /// Opens an archive, whose bytes stay the caller's. Throws INVALID_ARGUMENT and UNSUPPORTED when it is
    /// refused.
    public static ArchiveReader open(ArchiveFormat format, SeekableBytes archive, ArchiveLimits limits) {
        Bounds bounds = new Bounds(limits);
        return format == ArchiveFormat.ZIP
                ? new ArchiveReader(archive, format, limits, null, new ZipDirectory(archive, bounds))
                : new ArchiveReader(archive, format, limits, walk(format, archive, bounds), null);
    }

    static TarWalk walk(ArchiveFormat format, SeekableBytes archive, Bounds bounds) {
        TarBytes bytes = format.isPackedTar() ? PackedTarBytes.of(archive, format, bounds) : new PlainTarBytes(archive);
        return new TarWalk(bytes, bounds);
    }

    /// The next member; null at the end. Throws INVALID_ARGUMENT, TOO_LARGE and UNSUPPORTED with a sentence
    /// when the archive is refused, which nothing but closing follows.
    public @Nullable Member next() {
        member = tar != null ? tar.next() : zip != null ? zip.next() : null;
        return member;
    }

    /// The bytes of the member that `next` gave, to be read before it is called again, or not at all.
    public ByteSource content() {
        Member now = member;
        if (now == null) {
            throw new IllegalStateException("there is no member");
        }
        return tar != null ? tar.content() : MemberBytes.open(format, archive, now, limits);
    }

    /// Where the members end, in the unpacked tar or in the zip, after `next` gave null.
    long endAt() {
        return tar != null ? tar.endAt() : zip != null ? zip.end().directoryAt() : -1;
    }

    @Override
    public void close() {
        if (tar != null) {
            tar.close();
        }
    }
}
