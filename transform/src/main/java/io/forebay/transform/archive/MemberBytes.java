package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.zip.DeflatedSource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads one member of an archive by its location, without what is before it where the format allows.
///
/// A member whose location is `Verbatim` need not pass through here: its bytes are a range of the archive.
public final class MemberBytes {
    private MemberBytes() {}

    /// All bytes of a member. The archive's bytes stay the caller's. Throws INVALID_ARGUMENT, here or while
    /// they are read, when the archive does not have what its index says.
    public static ByteSource open(ArchiveFormat format, SeekableBytes archive, Member member, ArchiveLimits limits) {
        return open(format, archive, member, limits, 0, member.size());
    }

    /// A range of a member's bytes, which lies inside it. Throws RANGE_NOT_SATISFIABLE when it does not.
    public static ByteSource open(
            ArchiveFormat format, SeekableBytes archive, Member member, ArchiveLimits limits, long from, long length) {
        if (from < 0 || length < 0 || length > member.size() - from) {
            throw new StoreException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    "the member " + Refusal.shown(member.name()) + " has " + member.size() + " bytes: no " + length
                            + " from " + from + " on");
        }
        Bounds bounds = new Bounds(limits);
        boolean isWhole = length == member.size();
        return switch (member.location()) {
            case Location.Verbatim verbatim ->
                range(
                        new PlainTarBytes(archive, verbatim.offset() + from, verbatim.offset() + from + length),
                        0,
                        length);
            case Location.Packed packed ->
                range(PackedTarBytes.at(archive, format, packed, bounds), packed.skip() + from, length);
            case Location.Deflated deflated -> {
                ByteSource all = new DeflatedSource(archive, deflated, member.size());
                yield isWhole ? all : new PartSource(all, from, length);
            }
            case Location.Sparse sparse -> {
                ByteSource all = sparse(format, archive, sparse.headers(), member, bounds);
                yield isWhole ? all : new PartSource(all, from, length);
            }
        };
    }

    private static ByteSource range(TarBytes bytes, long from, long length) {
        return new RangeSource(bytes, from, length);
    }

    private static ByteSource sparse(
            ArchiveFormat format, SeekableBytes archive, Location headers, Member member, Bounds bounds) {
        TarBytes bytes = switch (headers) {
            case Location.Verbatim verbatim -> new PlainTarBytes(archive, verbatim.offset(), archive.length());
            case Location.Packed packed -> PackedTarBytes.at(archive, format, packed, bounds);
            case Location.Deflated deflated -> throw noHeaders(deflated);
            case Location.Sparse inner -> throw noHeaders(inner);
        };
        TarWalk walk = new TarWalk(bytes, bounds);
        try {
            if (headers instanceof Location.Packed packed) {
                bytes.skip(packed.skip());
            }
            Member found = walk.next();
            if (found == null || found.size() != member.size()) {
                throw Refusal.malformed("the archive does not have %s where it was", Refusal.shown(member.name()));
            }
            return new Walked(walk, walk.content());
        } catch (StoreException e) {
            walk.close();
            throw e;
        }
    }

    private static IllegalStateException noHeaders(Location location) {
        return new IllegalStateException("no headers of a tar are at " + location);
    }

    /// Bytes of a tar that owns what they are read from.
    private static final class RangeSource extends BoundedSource {
        private final TarBytes bytes;
        private long before;

        RangeSource(TarBytes bytes, long before, long length) {
            super(length);
            this.bytes = bytes;
            this.before = before;
        }

        @Override
        @Nullable
        ByteBuffer more(long max) {
            if (before > 0) {
                bytes.skip(before);
                before = 0;
            }
            return bytes.next(max);
        }

        @Override
        public void close() {
            super.close();
            bytes.close();
        }
    }

    /// A part of a source, which it owns.
    private static final class PartSource extends BoundedSource {
        private final ByteSource all;
        private long before;

        PartSource(ByteSource all, long before, long length) {
            super(length);
            this.all = all;
            this.before = before;
        }

        @Override
        @Nullable
        ByteBuffer more(long max) {
            while (true) {
                ByteBuffer piece = all.next();
                if (piece == null) {
                    return null;
                }
                int passed = (int) Math.min(before, piece.remaining());
                before -= passed;
                int count = (int) Math.min(max, piece.remaining() - passed);
                if (count > 0) {
                    return piece.slice(piece.position() + passed, count);
                }
            }
        }

        @Override
        public void close() {
            super.close();
            all.close();
        }
    }

    /// The content of a member with the walk that gives it.
    private record Walked(TarWalk walk, ByteSource content) implements ByteSource {
        @Override
        public long length() {
            return content.length();
        }

        @Override
        public @Nullable ByteBuffer next() {
            return content.next();
        }

        @Override
        public void close() {
            content.close();
            walk.close();
        }
    }
}
