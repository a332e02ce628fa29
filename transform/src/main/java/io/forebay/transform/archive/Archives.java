package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Reads archives: which members they have, and the content of one.
public final class Archives {
    private static final int PIECE_BYTES = 128 << 10;

    private Archives() {}

    /// The members of an archive, found by reading it: of a zip its directory, of others all. Throws
    /// INVALID_ARGUMENT when it is not of that format, UNSUPPORTED for sparse files, TOO_LARGE beyond a
    /// limit.
    public static MemberTable scan(ArchiveFormat format, RandomBytes archive, ArchiveLimits limits) {
        MemberTable table = new MemberTable(limits);
        switch (format) {
            case ZIP -> new ZipDirectory(archive, table).read();
            case TAR -> scan(archive, new TarScanner(table, Member.Storage.VERBATIM));
            case TGZ, TAR_LZ4 -> scanInside(format, archive, new TarScanner(table, Member.Storage.INSIDE), limits);
        }
        return table;
    }

    private static void scan(RandomBytes archive, TarScanner scanner) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        for (long at = 0; at < archive.length() && !scanner.isEnded(); at += piece.limit()) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, archive.length() - at));
            archive.read(at, piece);
            scanner.accept(piece.flip());
        }
        scanner.finish();
    }

    private static void scanInside(
            ArchiveFormat format, RandomBytes archive, TarScanner scanner, ArchiveLimits limits) {
        byte[] piece = new byte[PIECE_BYTES];
        long expanded = 0;
        try (InputStream in = format.decompressed(new ByteRun(archive, 0, archive.length()))) {
            for (int count = in.read(piece); count >= 0 && !scanner.isEnded(); count = in.read(piece)) {
                expanded += count;
                if (expanded > limits.maxExpanded().bytes()) {
                    throw new StoreException(
                            ErrorCode.TOO_LARGE,
                            "the archive has more than " + limits.maxExpanded() + " decompressed (limit max-expanded)");
                }
                scanner.accept(ByteBuffer.wrap(piece, 0, count));
            }
        } catch (IOException e) {
            throw broken(format, e);
        }
        scanner.finish();
    }

    /// A range of a member's content, decoded; the caller closes it. Reading it throws IOException, and this
    /// INVALID_ARGUMENT, when the archive is not as its index says.
    public static InputStream open(ArchiveFormat format, RandomBytes archive, Member member, long from, long length) {
        InputStream content = null;
        boolean complete = false;
        try {
            content = content(format, archive, member);
            content.skipNBytes(from);
            complete = true;
            return new LimitedStream(content, length);
        } catch (IOException e) {
            throw broken(format, e);
        } finally {
            if (!complete && content != null) {
                close(content);
            }
        }
    }

    private static InputStream content(ArchiveFormat format, RandomBytes archive, Member member) throws IOException {
        return switch (member.storage()) {
            case VERBATIM -> new ByteRun(archive, member.offset(), member.length());
            case DEFLATED -> new Inflated(new ByteRun(archive, member.offset(), member.length()));
            case INSIDE -> {
                InputStream inside = format.decompressed(new ByteRun(archive, 0, archive.length()));
                inside.skipNBytes(member.offset());
                yield inside;
            }
        };
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new StoreException(ErrorCode.INTERNAL, "an archive cannot be closed", e);
        }
    }

    /// That an archive is not of its format.
    public static StoreException broken(ArchiveFormat format, IOException cause) {
        String why = cause instanceof EOFException ? "it ends early" : String.valueOf(cause.getMessage());
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "not a " + format + " archive: " + why, cause);
    }

    /// Deflated bytes, inflated.
    private static final class Inflated extends InflaterInputStream {
        Inflated(InputStream deflated) {
            super(deflated, new Inflater(true), PIECE_BYTES);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }

    /// A run of an archive's bytes.
    private static final class ByteRun extends InputStream {
        private final RandomBytes archive;
        private final long end;
        private long at;

        ByteRun(RandomBytes archive, long from, long length) {
            this.archive = archive;
            this.at = from;
            this.end = from + length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int count) {
            if (count == 0 || at == end) {
                return count == 0 ? 0 : -1;
            }
            int taken = (int) Math.min(end - at, count);
            archive.read(at, ByteBuffer.wrap(target, offset, taken));
            at += taken;
            return taken;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.clamp(count, 0, end - at);
            at += skipped;
            return skipped;
        }
    }
}
