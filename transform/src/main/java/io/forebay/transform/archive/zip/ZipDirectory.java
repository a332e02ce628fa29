package io.forebay.transform.archive.zip;

import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// The members of a zip archive in the order of its central directory, which is walked in bounded memory.
///
/// Entries that overlap are refused, since a few bytes could pretend to be many members: the bytes of all of
/// them together must fit into the archive, and neighbours must not reach into each other. For one thread at
/// a time.
public final class ZipDirectory {
    private static final Charset CODE_PAGE_437 = Charset.forName("IBM437");
    private static final int SYSTEM_UNIX = 3;
    private static final int SYSTEM_MAC = 19;
    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_REGULAR = 0x8000;
    private static final long MILLIS = 1000L;

    private final Bounds bounds;
    private final ZipEnd end;
    private final Window directory;
    private final Window headers;
    private long at;
    private long entries;
    private long lastAt = -1;
    private long lastEnd;
    private long occupiedBytes;
    private long packedBytes;
    private long unpackedBytes;

    /// Opens the directory. Throws INVALID_ARGUMENT and UNSUPPORTED when the archive is refused.
    public ZipDirectory(SeekableBytes archive, Bounds bounds) {
        this.bounds = bounds;
        this.end = ZipEnd.find(archive);
        this.directory = new Window(archive);
        this.headers = new Window(archive);
        this.at = end.directoryAt();
    }

    /// The end of the archive, with as many entries as were met, which are all after `next` gave null.
    public ZipEnd end() {
        return new ZipEnd(end.directoryAt(), end.directoryBytes(), entries, true, end.base(), end.comment());
    }

    /// The next regular file, or null at the end. Throws INVALID_ARGUMENT, TOO_LARGE and UNSUPPORTED when the
    /// archive is refused.
    public @Nullable Member next() {
        long directoryEnd = end.directoryAt() + end.directoryBytes();
        while (at < directoryEnd) {
            Member member = entry(directoryEnd);
            if (member != null) {
                return member;
            }
        }
        if (end.isExact() ? entries != end.entries() : (entries & ZipFields.MAX_16) != end.entries()) {
            throw Refusal.malformed(
                    "the directory of the zip archive has %s entries, and %s were announced", entries, end.entries());
        }
        return null;
    }

    /// One entry; null when it is no regular file.
    private @Nullable Member entry(long directoryEnd) {
        ByteBuffer head = directory.at(at, ZipFields.CENTRAL_BYTES);
        int from = head.position();
        int nameBytes = head.getShort(from + 28) & ZipFields.MAX_16;
        int extraBytes = head.getShort(from + 30) & ZipFields.MAX_16;
        int commentBytes = head.getShort(from + 32) & ZipFields.MAX_16;
        int length = ZipFields.CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
        if (head.getInt(from) != ZipFields.CENTRAL || length > directoryEnd - at) {
            throw Refusal.malformed("the directory of the zip archive is broken at %s", at);
        }
        bounds.name(nameBytes);
        ByteBuffer bytes = directory.at(at, length);
        from = bytes.position();
        byte[] name = new byte[nameBytes];
        bytes.get(from + ZipFields.CENTRAL_BYTES, name);
        Fields fields = Fields.of(bytes, from, extraBytes);
        at += length;
        entries++;
        String text = MemberName.decode(name, 0, nameBytes, CODE_PAGE_437);
        boolean isFile = !text.endsWith("/") && isRegular(bytes, from);
        long dataAt = dataAt(fields, name, text);
        if (!isFile) {
            return null;
        }
        bounds.member();
        packedBytes += fields.packed;
        unpackedBytes += fields.size;
        bounds.expansion(packedBytes, unpackedBytes);
        String called = MemberName.checked(text, bounds);
        return new Member(called, fields.size, fields.modifiedMillis, location(bytes, from, fields, dataAt, called));
    }

    private static boolean isRegular(ByteBuffer bytes, int from) {
        int system = bytes.get(from + 5) & 0xFF;
        int type = bytes.getShort(from + 40) & TYPE_MASK;
        return (system != SYSTEM_UNIX && system != SYSTEM_MAC) || type == 0 || type == TYPE_REGULAR;
    }

    private static Location location(ByteBuffer bytes, int from, Fields fields, long dataAt, String name) {
        int flags = bytes.getShort(from + 8);
        int method = bytes.getShort(from + 10) & ZipFields.MAX_16;
        if ((flags & ZipFields.FLAG_ENCRYPTED) != 0) {
            throw Refusal.unsupported("the member %s is encrypted", Refusal.shown(name));
        }
        if (method == ZipFields.DEFLATED) {
            return new Location.Deflated(dataAt, fields.packed, bytes.getInt(from + 16));
        }
        if (method != ZipFields.STORED) {
            throw Refusal.unsupported(
                    "the member %s is packed by method %s (only stored and deflated are read)",
                    Refusal.shown(name), method);
        }
        if (fields.packed != fields.size) {
            throw Refusal.malformed(
                    "the member %s is stored, with %s bytes of %s", Refusal.shown(name), fields.packed, fields.size);
        }
        return new Location.Verbatim(dataAt);
    }

    /// Where the bytes of an entry begin, behind its local header, with which the directory must agree.
    private long dataAt(Fields fields, byte[] name, String text) {
        long headerAt = end.base() + fields.headerAt;
        if (fields.headerAt < 0 || headerAt > end.directoryAt() - ZipFields.LOCAL_BYTES - name.length) {
            throw Refusal.malformed("the member %s lies outside of the zip archive", Refusal.shown(text));
        }
        ByteBuffer header = headers.at(headerAt, ZipFields.LOCAL_BYTES + name.length);
        int from = header.position();
        int nameBytes = header.getShort(from + 26) & ZipFields.MAX_16;
        int extraBytes = header.getShort(from + 28) & ZipFields.MAX_16;
        boolean same = header.getInt(from) == ZipFields.LOCAL
                && nameBytes == name.length
                && header.slice(from + ZipFields.LOCAL_BYTES, nameBytes).equals(ByteBuffer.wrap(name));
        if (!same) {
            throw Refusal.malformed(
                    "the directory of the zip archive names the member %s where another one is", Refusal.shown(text));
        }
        long dataAt = headerAt + ZipFields.LOCAL_BYTES + nameBytes + extraBytes;
        if (fields.packed > end.directoryAt() - dataAt) {
            throw Refusal.malformed("the member %s reaches out of the zip archive", Refusal.shown(text));
        }
        occupy(headerAt, dataAt + fields.packed, text);
        return dataAt;
    }

    private void occupy(long from, long to, String text) {
        occupiedBytes += to - from;
        boolean reachesIntoNeighbour = lastAt >= 0 && (from >= lastAt ? from < lastEnd : to > lastAt);
        if (reachesIntoNeighbour || occupiedBytes > end.directoryAt()) {
            throw Refusal.malformed("the member %s overlaps another one", Refusal.shown(text));
        }
        lastAt = from;
        lastEnd = to;
    }

    /// The numbers of an entry, whichever record has them.
    private static final class Fields {
        long size;
        long packed;
        long headerAt;
        long modifiedMillis;

        static Fields of(ByteBuffer bytes, int from, int extraBytes) {
            Fields fields = new Fields();
            fields.packed = bytes.getInt(from + 20) & ZipFields.MAX_32;
            fields.size = bytes.getInt(from + 24) & ZipFields.MAX_32;
            fields.headerAt = bytes.getInt(from + 42) & ZipFields.MAX_32;
            fields.modifiedMillis = dosMillis(bytes.getShort(from + 14), bytes.getShort(from + 12));
            int extra = from + ZipFields.CENTRAL_BYTES + (bytes.getShort(from + 28) & ZipFields.MAX_16);
            fields.extra(bytes, extra, extra + extraBytes);
            if (fields.size < 0 || fields.packed < 0) {
                throw Refusal.malformed("a member of the zip archive has a size beyond all measure");
            }
            return fields;
        }

        private void extra(ByteBuffer bytes, int from, int to) {
            int at = from;
            while (to - at >= 4) {
                int id = bytes.getShort(at) & ZipFields.MAX_16;
                int length = bytes.getShort(at + 2) & ZipFields.MAX_16;
                at += 4;
                if (length > to - at) {
                    return;
                }
                if (id == ZipFields.EXTRA_64) {
                    large(bytes, at, at + length);
                } else if (id == ZipFields.EXTRA_TIMES && length >= 5 && (bytes.get(at) & 1) != 0) {
                    modifiedMillis = bytes.getInt(at + 1) * MILLIS;
                }
                at += length;
            }
        }

        private void large(ByteBuffer bytes, int from, int to) {
            int at = from;
            if (size == ZipFields.MAX_32 && to - at >= Long.BYTES) {
                size = bytes.getLong(at);
                at += Long.BYTES;
            }
            if (packed == ZipFields.MAX_32 && to - at >= Long.BYTES) {
                packed = bytes.getLong(at);
                at += Long.BYTES;
            }
            if (headerAt == ZipFields.MAX_32 && to - at >= Long.BYTES) {
                headerAt = bytes.getLong(at);
            }
        }

        /// A date and time of MS-DOS, which has no zone, in UTC.
        private static long dosMillis(int date, int time) {
            try {
                return LocalDateTime.of(
                                        1980 + ((date >>> 9) & 0x7F),
                                        (date >>> 5) & 15,
                                        date & 31,
                                        (time >>> 11) & 31,
                                        (time >>> 5) & 63,
                                        2 * (time & 31))
                                .toEpochSecond(ZoneOffset.UTC)
                        * MILLIS;
            } catch (DateTimeException e) {
                return 0;
            }
        }
    }
}
