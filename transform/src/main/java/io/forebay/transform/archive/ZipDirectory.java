package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the members of a zip by its central directory (PKWARE APPNOTE 6.3, ZIP64 included). Members that are
/// encrypted, or compressed by another method than deflate, are passed over.
final class ZipDirectory {
    private static final int END_BYTES = 22;
    private static final int END_MAGIC = 0x06054b50;
    private static final int LOCATOR_BYTES = 20;
    private static final int LOCATOR_MAGIC = 0x07064b50;
    private static final int END64_BYTES = 56;
    private static final int END64_MAGIC = 0x06064b50;
    private static final int ENTRY_BYTES = 46;
    private static final int ENTRY_MAGIC = 0x02014b50;
    private static final int LOCAL_BYTES = 30;
    private static final int LOCAL_MAGIC = 0x04034b50;
    private static final int MAX_SHORT = 0xFFFF;
    private static final long MAX_INT = 0xFFFFFFFFL;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int ENCRYPTED = 1;
    private static final int UTF_8 = 1 << 11;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ZIP64 = 1;
    private static final Charset OLD_NAMES = Charset.forName("IBM437");

    private final RandomBytes archive;
    private final MemberTable table;

    ZipDirectory(RandomBytes archive, MemberTable table) {
        this.archive = archive;
        this.table = table;
    }

    /// Puts the members into the table. Throws INVALID_ARGUMENT when it is no zip, and TOO_LARGE beyond a
    /// limit.
    void read() {
        long endAt = findEnd();
        ByteBuffer end = bytes(endAt, END_BYTES);
        long size = Integer.toUnsignedLong(end.getInt(12));
        long at = Integer.toUnsignedLong(end.getInt(16));
        ByteBuffer end64 = end64(endAt);
        if (end64 != null) {
            size = end64.getLong(40);
            at = end64.getLong(48);
        }
        if (at < 0 || size < 0 || size > endAt || at > endAt - size) {
            throw broken("its directory is not inside it");
        }
        readEntries(at, at + size);
    }

    private long findEnd() {
        long length = archive.length();
        int tail = (int) Math.min(length, END_BYTES + MAX_SHORT);
        ByteBuffer bytes = bytes(length - tail, tail);
        for (int at = tail - END_BYTES; at >= 0; at--) {
            int comment = Short.toUnsignedInt(bytes.getShort(at + 20));
            if (bytes.getInt(at) == END_MAGIC && comment == tail - END_BYTES - at) {
                return length - tail + at;
            }
        }
        throw broken("it has no directory");
    }

    private @Nullable ByteBuffer end64(long endAt) {
        if (endAt < LOCATOR_BYTES) {
            return null;
        }
        ByteBuffer locator = bytes(endAt - LOCATOR_BYTES, LOCATOR_BYTES);
        if (locator.getInt(0) != LOCATOR_MAGIC) {
            return null;
        }
        long at = locator.getLong(8);
        if (at < 0 || at > endAt - END64_BYTES) {
            throw broken("its directory is not inside it");
        }
        ByteBuffer end64 = bytes(at, END64_BYTES);
        if (end64.getInt(0) != END64_MAGIC) {
            throw broken("its directory cannot be read");
        }
        return end64;
    }

    private void readEntries(long from, long to) {
        ByteBuffer piece = bytes(from, 0);
        for (long at = from; at < to; ) {
            if (!hasEntry(piece)) {
                piece = bytes(at, (int) Math.min(PIECE_BYTES, to - at));
            }
            if (!hasEntry(piece) || piece.getInt(piece.position()) != ENTRY_MAGIC) {
                throw broken("its directory cannot be read");
            }
            int length = entryBytes(piece);
            read(piece.slice(piece.position(), length).order(ByteOrder.LITTLE_ENDIAN));
            piece.position(piece.position() + length);
            at += length;
        }
    }

    private static boolean hasEntry(ByteBuffer piece) {
        return piece.remaining() >= ENTRY_BYTES && piece.remaining() >= entryBytes(piece);
    }

    private static int entryBytes(ByteBuffer piece) {
        int at = piece.position();
        return ENTRY_BYTES
                + Short.toUnsignedInt(piece.getShort(at + 28))
                + Short.toUnsignedInt(piece.getShort(at + 30))
                + Short.toUnsignedInt(piece.getShort(at + 32));
    }

    private void read(ByteBuffer entry) {
        int flags = entry.getShort(8);
        int method = entry.getShort(10);
        int nameBytes = Short.toUnsignedInt(entry.getShort(28));
        byte[] name = new byte[nameBytes];
        entry.get(ENTRY_BYTES, name);
        String text = new String(name, (flags & UTF_8) != 0 ? StandardCharsets.UTF_8 : OLD_NAMES);
        if ((flags & ENCRYPTED) != 0 || (method != STORED && method != DEFLATED) || text.endsWith("/")) {
            return;
        }
        int extraBytes = Short.toUnsignedInt(entry.getShort(30));
        ByteBuffer large =
                large(entry.slice(ENTRY_BYTES + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN));
        long size = number(entry.getInt(24), large);
        long compressed = number(entry.getInt(20), large);
        long data = data(number(entry.getInt(42), large));
        boolean sound = size >= 0
                && compressed >= 0
                && data <= archive.length()
                && compressed <= archive.length() - data
                && (method != STORED || compressed == size);
        if (!sound) {
            throw broken("member \"" + text + "\" is not inside it");
        }
        Member.Storage storage = method == STORED ? Member.Storage.VERBATIM : Member.Storage.DEFLATED;
        table.add(text, size, storage, data, compressed);
    }

    /// A number that is among the large ones when it does not fit.
    private static long number(int small, ByteBuffer large) {
        long value = Integer.toUnsignedLong(small);
        return value == MAX_INT && large.remaining() >= Long.BYTES ? large.getLong() : value;
    }

    /// What is behind the local header at that place.
    private long data(long local) {
        if (local < 0 || local > archive.length() - LOCAL_BYTES) {
            throw broken("a member is not inside it");
        }
        ByteBuffer header = bytes(local, LOCAL_BYTES);
        if (header.getInt(0) != LOCAL_MAGIC) {
            throw broken("a member cannot be read");
        }
        int names = Short.toUnsignedInt(header.getShort(26)) + Short.toUnsignedInt(header.getShort(28));
        return local + LOCAL_BYTES + names;
    }

    /// The numbers that do not fit into 32 bits; empty when there are none.
    private static ByteBuffer large(ByteBuffer extra) {
        while (extra.remaining() >= 2 * Short.BYTES) {
            int tag = Short.toUnsignedInt(extra.getShort());
            int length = Short.toUnsignedInt(extra.getShort());
            if (length > extra.remaining()) {
                break;
            }
            if (tag == ZIP64) {
                return extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + length);
        }
        return ByteBuffer.allocate(0);
    }

    private ByteBuffer bytes(long from, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        if (count > 0) {
            archive.read(from, bytes);
        }
        return bytes.flip();
    }

    private static StoreException broken(String why) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "not a zip archive: " + why);
    }
}
