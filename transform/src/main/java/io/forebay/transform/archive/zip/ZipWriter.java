package io.forebay.transform.archive.zip;

import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Makes a zip archive in one pass: members are deflated at the best speed, and their checksums follow them.
/// The directory waits in memory, about 70 bytes and a name for each member. For one thread at a time.
public final class ZipWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int VERSION = 20;
    private static final int VERSION_64 = 45;
    private static final int MADE_BY_UNIX = 3 << 8;
    private static final int REGULAR_FILE = 0x81A4;
    private static final int TIMES_BYTES = 9;
    private static final int LARGE_BYTES = 4 + 3 * Long.BYTES;
    private static final int MAX_EXTRA_BYTES = LARGE_BYTES + TIMES_BYTES;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int DESCRIPTOR_64_BYTES = 24;
    private static final int FIRST_YEAR = 1980;
    private static final int LAST_YEAR = 2107;

    private final ArchiveSink sink;
    private final long base;
    private final @Nullable SeekableBytes before;
    private final @Nullable ZipEnd beforeEnd;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 crc = new CRC32();
    private final ByteBuffer packed = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private ByteBuffer directory = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long at;
    private long entries;

    private byte[] name = new byte[0];
    private long size;
    private long modifiedSeconds;
    private long headerAt;
    private long dataAt;

    /// A new archive.
    public ZipWriter(ArchiveSink sink) {
        this(sink, null, null);
    }

    /// What follows the last member of an archive in place of its directory, whose records come before the
    /// new ones.
    public static ZipWriter after(SeekableBytes archive, ZipEnd end, ArchiveSink sink) {
        return new ZipWriter(sink, archive, end);
    }

    private ZipWriter(ArchiveSink sink, @Nullable SeekableBytes before, @Nullable ZipEnd beforeEnd) {
        this.sink = sink;
        this.before = before;
        this.beforeEnd = beforeEnd;
        this.base = beforeEnd == null ? 0 : beforeEnd.base();
        this.at = beforeEnd == null ? 0 : beforeEnd.directoryAt();
    }

    /// Begins a member of that many bytes.
    public void begin(String memberName, long memberSize, long modifiedMillis) {
        name = memberName.getBytes(StandardCharsets.UTF_8);
        size = memberSize;
        modifiedSeconds = Math.floorDiv(modifiedMillis, 1000L);
        headerAt = at - base;
        boolean large = isLarge();
        ByteBuffer header = little(ZipFields.LOCAL_BYTES + name.length + MAX_EXTRA_BYTES);
        header.putInt(ZipFields.LOCAL).putShort((short) (large ? VERSION_64 : VERSION));
        putMethodAndTime(header);
        header.putInt(0).putInt(large ? -1 : 0).putInt(large ? -1 : 0);
        header.putShort((short) name.length).putShort((short) (TIMES_BYTES + (large ? 4 + 2 * Long.BYTES : 0)));
        header.put(name);
        putTimes(header);
        if (large) {
            header.putShort((short) ZipFields.EXTRA_64)
                    .putShort((short) (2 * Long.BYTES))
                    .putLong(0)
                    .putLong(0);
        }
        write(header.flip());
        dataAt = at;
        crc.reset();
        deflater.reset();
    }

    /// The next bytes of the member, all that remain in the buffer, which is the caller's again when this
    /// returns.
    public void body(ByteBuffer bytes) {
        crc.update(bytes.duplicate());
        deflater.setInput(bytes);
        while (!deflater.needsInput()) {
            deflate();
        }
    }

    /// Ends the member, of which all bytes were given.
    public void end() {
        deflater.finish();
        while (!deflater.finished()) {
            deflate();
        }
        flush();
        long packedBytes = at - dataAt;
        boolean large = isLarge();
        ByteBuffer descriptor = little(large ? DESCRIPTOR_64_BYTES : DESCRIPTOR_BYTES);
        descriptor.putInt(ZipFields.DESCRIPTOR).putInt((int) crc.getValue());
        if (large) {
            descriptor.putLong(packedBytes).putLong(size);
        } else {
            descriptor.putInt((int) packedBytes).putInt((int) size);
        }
        write(descriptor.flip());
        putCentral(packedBytes, large);
        entries++;
    }

    /// Ends the archive.
    public void finish() {
        long directoryAt = at;
        long all = entries;
        ByteBuffer comment = ByteBuffer.allocate(0);
        if (before != null && beforeEnd != null) {
            copyDirectory(before, beforeEnd);
            comment = beforeEnd.comment();
            all += beforeEnd.entries();
        }
        write(directory.flip());
        long directoryBytes = at - directoryAt;
        long offset = directoryAt - base;
        boolean large = all >= ZipFields.MAX_16 || directoryBytes >= ZipFields.MAX_32 || offset >= ZipFields.MAX_32;
        if (large) {
            putEnd64(all, directoryBytes, offset);
        }
        ByteBuffer end = little(ZipFields.END_BYTES + comment.remaining());
        end.putInt(ZipFields.END).putInt(0);
        short count = (short) Math.min(all, ZipFields.MAX_16);
        end.putShort(count).putShort(count);
        end.putInt((int) Math.min(directoryBytes, ZipFields.MAX_32)).putInt((int) Math.min(offset, ZipFields.MAX_32));
        end.putShort((short) comment.remaining()).put(comment.duplicate());
        write(end.flip());
    }

    @Override
    public void close() {
        deflater.end();
    }

    private boolean isLarge() {
        // Deflating may add a little to what cannot be made smaller.
        return size > ZipFields.MAX_32 - (ZipFields.MAX_32 >>> 8);
    }

    private void putMethodAndTime(ByteBuffer out) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(Math.clamp(modifiedSeconds, 0, Integer.MAX_VALUE * 2L), 0, ZoneOffset.UTC);
        int year = Math.clamp(time.getYear(), FIRST_YEAR, LAST_YEAR);
        out.putShort((short) (ZipFields.FLAG_DESCRIPTOR | ZipFields.FLAG_UTF_8)).putShort((short) ZipFields.DEFLATED);
        out.putShort((short) (time.getHour() << 11 | time.getMinute() << 5 | time.getSecond() / 2));
        out.putShort((short) ((year - FIRST_YEAR) << 9 | time.getMonthValue() << 5 | time.getDayOfMonth()));
    }

    private void putTimes(ByteBuffer out) {
        out.putShort((short) ZipFields.EXTRA_TIMES).putShort((short) (TIMES_BYTES - 4));
        out.put((byte) 1).putInt((int) modifiedSeconds);
    }

    private void putCentral(long packedBytes, boolean isLargeMember) {
        boolean far = headerAt >= ZipFields.MAX_32;
        int largeBytes = (isLargeMember ? 2 * Long.BYTES : 0) + (far ? Long.BYTES : 0);
        int needed = ZipFields.CENTRAL_BYTES + name.length + MAX_EXTRA_BYTES;
        if (directory.remaining() < needed) {
            byte[] grown = Arrays.copyOf(
                    directory.array(), Math.addExact(directory.position(), Math.max(directory.position(), needed)));
            directory = ByteBuffer.wrap(grown).order(ByteOrder.LITTLE_ENDIAN).position(directory.position());
        }
        int version = largeBytes > 0 ? VERSION_64 : VERSION;
        directory
                .putInt(ZipFields.CENTRAL)
                .putShort((short) (MADE_BY_UNIX | version))
                .putShort((short) version);
        putMethodAndTime(directory);
        directory.putInt((int) crc.getValue());
        directory.putInt(isLargeMember ? -1 : (int) packedBytes).putInt(isLargeMember ? -1 : (int) size);
        directory.putShort((short) name.length);
        directory.putShort((short) (TIMES_BYTES + (largeBytes > 0 ? 4 + largeBytes : 0)));
        directory.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        directory.putInt(REGULAR_FILE << 16).putInt(far ? -1 : (int) headerAt);
        directory.put(name);
        putTimes(directory);
        if (largeBytes > 0) {
            directory.putShort((short) ZipFields.EXTRA_64).putShort((short) largeBytes);
            if (isLargeMember) {
                directory.putLong(size).putLong(packedBytes);
            }
            if (far) {
                directory.putLong(headerAt);
            }
        }
    }

    private void putEnd64(long all, long directoryBytes, long offset) {
        long end64At = at - base;
        ByteBuffer out = little(ZipFields.END_64_BYTES + ZipFields.LOCATOR_64_BYTES);
        out.putInt(ZipFields.END_64).putLong(ZipFields.END_64_BYTES - 12);
        out.putShort((short) (MADE_BY_UNIX | VERSION_64)).putShort((short) VERSION_64);
        out.putInt(0).putInt(0).putLong(all).putLong(all);
        out.putLong(directoryBytes).putLong(offset);
        out.putInt(ZipFields.LOCATOR_64).putInt(0).putLong(end64At).putInt(1);
        write(out.flip());
    }

    private void copyDirectory(SeekableBytes archive, ZipEnd end) {
        ByteBuffer piece = ByteBuffer.allocate(BUFFER_BYTES);
        long from = end.directoryAt();
        long to = from + end.directoryBytes();
        while (from < to) {
            piece.clear().limit((int) Math.min(BUFFER_BYTES, to - from));
            archive.read(from, piece);
            from += piece.position();
            write(piece.flip());
        }
    }

    private void deflate() {
        deflater.deflate(packed);
        if (!packed.hasRemaining()) {
            flush();
        }
    }

    private void flush() {
        write(packed.flip());
        packed.clear();
    }

    private void write(ByteBuffer bytes) {
        at += bytes.remaining();
        sink.write(bytes);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
