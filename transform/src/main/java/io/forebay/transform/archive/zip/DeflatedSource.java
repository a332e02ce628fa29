package io.forebay.transform.archive.zip;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// The bytes of a deflated member of a zip archive. The last of them are withheld until size and checksum are
/// right.
public final class DeflatedSource implements ByteSource {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SeekableBytes archive;
    private final Location.Deflated location;
    private final long size;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final ByteBuffer packed;
    private final ByteBuffer plain;
    private long packedAt;
    private long given;
    private boolean ended;

    /// @param size that the member is said to have
    public DeflatedSource(SeekableBytes archive, Location.Deflated location, long size) {
        this.archive = archive;
        this.location = location;
        this.size = size;
        this.packed = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, location.length()))
                .limit(0);
        this.plain = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, size));
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (ended) {
            return null;
        }
        plain.clear();
        while (plain.hasRemaining() && !inflater.finished()) {
            inflate(plain);
        }
        plain.flip();
        given += plain.remaining();
        crc.update(plain.duplicate());
        while (given == size && !inflater.finished()) {
            ByteBuffer more = ByteBuffer.allocate(1);
            inflate(more);
            given += more.position();
        }
        if (given > size || inflater.finished()) {
            check();
            ended = true;
        }
        return plain.hasRemaining() ? plain : null;
    }

    @Override
    public void close() {
        inflater.end();
        ended = true;
    }

    private void inflate(ByteBuffer target) {
        if (!packed.hasRemaining()) {
            int count = (int) Math.min(packed.capacity(), location.length() - packedAt);
            if (count == 0) {
                throw Refusal.malformed("a deflated member of the zip archive is cut off at %s bytes", given);
            }
            archive.read(location.offset() + packedAt, packed.clear().limit(count));
            packed.flip();
            packedAt += count;
        }
        inflater.setInput(packed);
        try {
            int count = inflater.inflate(target);
            if (count == 0 && inflater.needsDictionary()) {
                throw Refusal.malformed("a deflated member of the zip archive wants a dictionary");
            }
        } catch (DataFormatException e) {
            throw Refusal.malformed("a deflated member of the zip archive is broken: %s", e.getMessage());
        }
    }

    private void check() {
        if (given != size) {
            throw Refusal.malformed(
                    "a member of the zip archive has %s bytes, and was said to have %s",
                    given > size ? "more" : given, size);
        }
        if ((int) crc.getValue() != location.crc()) {
            throw Refusal.malformed("a member of the zip archive does not have its checksum");
        }
    }
}
