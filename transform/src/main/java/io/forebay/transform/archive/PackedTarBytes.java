package io.forebay.transform.archive;

import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.SeekableBytes;
import io.forebay.transform.archive.packed.GzipUnpacker;
import io.forebay.transform.archive.packed.Lz4Unpacker;
import io.forebay.transform.archive.packed.Restart;
import io.forebay.transform.archive.packed.Unpacker;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of a tar that is packed, unpacked as they are asked for.
final class PackedTarBytes implements TarBytes {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SeekableBytes archive;
    private final Unpacker unpacker;
    private final ByteBuffer packed = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private long at;

    private PackedTarBytes(SeekableBytes archive, Unpacker unpacker, long at) {
        this.archive = archive;
        this.unpacker = unpacker;
        this.at = at;
    }

    /// All bytes of a tar.
    static PackedTarBytes of(SeekableBytes archive, ArchiveFormat format, Bounds bounds) {
        return new PackedTarBytes(archive, unpacker(format, bounds), 0);
    }

    /// The bytes from a restart point on.
    static PackedTarBytes at(SeekableBytes archive, ArchiveFormat format, Location.Packed from, Bounds bounds) {
        Unpacker unpacker = unpacker(format, bounds);
        if (unpacker instanceof Lz4Unpacker lz4 && from.restart() != from.frame()) {
            readHead(archive, lz4, from.frame());
            lz4.jump();
        }
        return new PackedTarBytes(archive, unpacker, from.restart());
    }

    static Unpacker unpacker(ArchiveFormat format, Bounds bounds) {
        return format == ArchiveFormat.TGZ ? new GzipUnpacker(bounds) : new Lz4Unpacker(bounds);
    }

    private static void readHead(SeekableBytes archive, Lz4Unpacker unpacker, long frame) {
        ByteBuffer one = ByteBuffer.allocate(1);
        ByteBuffer nothing = ByteBuffer.allocate(0);
        for (long at = frame; !unpacker.isBehindHead() && at < archive.length(); at++) {
            archive.read(at, one.clear());
            unpacker.unpack(one.flip(), nothing);
        }
    }

    @Override
    public @Nullable ByteBuffer next(long max) {
        while (!plain.hasRemaining()) {
            if (!packed.hasRemaining() && at < archive.length()) {
                int count = (int) Math.min(BUFFER_BYTES, archive.length() - at);
                archive.read(at, packed.clear().limit(count));
                packed.flip();
                at += count;
            }
            boolean wasLast = !packed.hasRemaining();
            unpacker.unpack(packed, plain.clear());
            plain.flip();
            if (wasLast && !plain.hasRemaining()) {
                return null;
            }
        }
        int count = (int) Math.min(max, plain.remaining());
        ByteBuffer piece = plain.slice(plain.position(), count);
        plain.position(plain.position() + count);
        return piece;
    }

    @Override
    public long skip(long bytes) {
        long left = bytes;
        while (left > 0) {
            ByteBuffer piece = next(left);
            if (piece == null) {
                break;
            }
            left -= piece.remaining();
        }
        return bytes - left;
    }

    @Override
    public Restart restart() {
        return unpacker.restart();
    }

    @Override
    public void complete() {
        unpacker.complete();
    }

    @Override
    public void close() {
        plain.limit(0);
        unpacker.close();
    }
}
