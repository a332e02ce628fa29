package io.forebay.transform.archive;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.index.IndexSource;
import io.forebay.transform.archive.index.MemberCursor;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.index.MemberRuns;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.packed.Unpacker;
import io.forebay.transform.archive.zip.ZipDirectory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Builds the index of an archive's members while its bytes arrive, in bounded memory.
///
/// Of a tar only headers are looked at; what is packed is unpacked; of a zip the directory is read when all
/// bytes are there. An archive that is refused only ends up without an index, and `failure` says why. For one
/// archive, and one thread at a time; whoever makes an indexer closes it.
public final class MemberIndexer implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final ArchiveFormat format;
    private final Bounds bounds;
    private final MemberRuns members;
    private final TarFeed feed;
    private final @Nullable Unpacker unpacker;
    private final ByteBuffer plain;
    private long seen;
    private long endAt;
    private @Nullable StoreException failure;

    public MemberIndexer(ArchiveFormat format, ArchiveLimits limits) {
        this.format = format;
        this.bounds = new Bounds(limits);
        this.members = new MemberRuns(limits.indexMemory().bytes());
        this.feed = new TarFeed(bounds, (member, entry) -> members.add(member));
        this.unpacker = format.isPackedTar() ? PackedTarBytes.unpacker(format, bounds) : null;
        this.plain = ByteBuffer.allocate(unpacker == null ? 0 : BUFFER_BYTES);
    }

    /// The index of an archive that is there already, which stays the caller's. Throws INVALID_ARGUMENT,
    /// TOO_LARGE and UNSUPPORTED when the archive is refused.
    public static ByteSource index(ArchiveFormat format, SeekableBytes archive, ArchiveLimits limits) {
        MemberRuns members = new MemberRuns(limits.indexMemory().bytes());
        try (ArchiveReader reader = ArchiveReader.open(format, archive, limits)) {
            for (Member member = reader.next(); member != null; member = reader.next()) {
                members.add(member);
            }
            return new IndexSource(members, format, archive.length(), reader.endAt());
        }
    }

    /// The index of an archive with one member more than that of an index, which counts unless its name is
    /// there already. Throws TOO_LARGE when it takes too much memory.
    ///
    /// @param archiveBytes the length of the archive with that member
    /// @param endAt where its members end
    static ByteSource extended(MemberIndex index, Member added, long archiveBytes, long endAt, ArchiveLimits limits) {
        MemberRuns members = new MemberRuns(limits.indexMemory().bytes());
        MemberCursor before = index.list("", "");
        while (before.next()) {
            members.add(before.member());
        }
        members.add(added);
        return new IndexSource(members, index.format(), archiveBytes, endAt);
    }

    /// The next bytes of the archive: all that remain in the buffer, whose position stays, and which is the
    /// caller's again when this returns. Never throws for what the archive says.
    public void accept(ByteBuffer bytes) {
        seen += bytes.remaining();
        if (failure != null || format == ArchiveFormat.ZIP || feed.hasEnded()) {
            return;
        }
        try {
            if (unpacker == null) {
                feed.accept(bytes, null);
            } else {
                unpack(unpacker, bytes.duplicate());
            }
        } catch (StoreException e) {
            failure = e;
        }
    }

    /// Why there will be no index; null as long as there may be one.
    public @Nullable StoreException failure() {
        return failure;
    }

    /// The encoded index, which the caller closes; null when there is none, because the archive is refused or
    /// cannot be read. All bytes of the archive were accepted. The index is made while it is read, and may
    /// wait for the archive here only.
    ///
    /// @param archive the bytes that were accepted, which stay the caller's
    public @Nullable ByteSource finish(SeekableBytes archive) {
        if (failure != null) {
            return null;
        }
        try {
            complete(archive);
        } catch (StoreException e) {
            failure = e;
            return null;
        }
        return new IndexSource(members, format, seen, endAt);
    }

    @Override
    public void close() {
        if (unpacker != null) {
            unpacker.close();
        }
    }

    private void unpack(Unpacker from, ByteBuffer packed) {
        boolean moves = true;
        while (moves && !feed.hasEnded()) {
            int before = packed.remaining();
            from.unpack(packed, plain.clear());
            plain.flip();
            moves = plain.hasRemaining() || packed.remaining() < before;
            feed.accept(plain, from.restart());
        }
    }

    private void complete(SeekableBytes archive) {
        if (archive.length() != seen) {
            throw Refusal.malformed("%s bytes of the archive arrived, and it has %s", seen, archive.length());
        }
        if (format == ArchiveFormat.ZIP) {
            ZipDirectory directory = new ZipDirectory(archive, bounds);
            for (Member member = directory.next(); member != null; member = directory.next()) {
                members.add(member);
            }
            endAt = directory.end().directoryAt();
            return;
        }
        if (unpacker != null && !feed.hasEnded()) {
            unpacker.complete();
        }
        feed.complete();
        endAt = feed.endAt();
    }
}
