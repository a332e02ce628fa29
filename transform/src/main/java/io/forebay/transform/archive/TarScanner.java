package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the members of a tar while its bytes pass, looking at headers alone: POSIX ustar and pax, GNU long
/// names and sizes in base 256. For one thread at a time.
///
/// Members are what has content of its own: files. Folders, links and devices are passed over. A sparse file
/// has no run of bytes in the archive that is its content: an archive with one is refused.
public final class TarScanner {
    private static final int BLOCK_BYTES = TarFraming.BLOCK_BYTES;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final int MAGIC_BYTES = 6;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_BYTES = 155;
    private static final int MAX_EXTENSION_BYTES = 1 << 20;

    private final MemberTable table;
    private final Member.Storage storage;
    private final byte[] header = new byte[BLOCK_BYTES];
    private final ByteArrayOutputStream extension = new ByteArrayOutputStream();
    private int inHeader;
    /// Bytes to pass over, padding included.
    private long skip;
    /// Bytes of an extended header that are still to come, padding excluded.
    private long wanted;

    private byte extensionType;
    private long passed;
    private boolean ended;
    private @Nullable String longName;
    private long longSize = -1;

    /// @param storage how the archive keeps the members that are found: `VERBATIM` or `INSIDE`
    public TarScanner(MemberTable table, Member.Storage storage) {
        this.table = table;
        this.storage = storage;
    }

    /// Takes the next bytes, all that remain. Throws INVALID_ARGUMENT when they are no tar, UNSUPPORTED for
    /// sparse files, and TOO_LARGE beyond a limit; the scanner is of no use then.
    public void accept(ByteBuffer bytes) {
        while (bytes.hasRemaining() && !ended) {
            if (wanted > 0) {
                collect(bytes);
            } else if (skip > 0) {
                int count = (int) Math.min(skip, bytes.remaining());
                bytes.position(bytes.position() + count);
                skip -= count;
                passed += count;
            } else {
                gather(bytes);
            }
        }
        bytes.position(bytes.limit());
    }

    /// Whether the end of the archive was seen: there is nothing more to find.
    public boolean isEnded() {
        return ended;
    }

    /// Ends the scan. Throws INVALID_ARGUMENT when the archive ends in the middle of something. One without
    /// an end of its own is read, as tar reads it.
    public void finish() {
        if (!ended && (inHeader > 0 || skip > 0 || wanted > 0)) {
            throw broken("it ends in the middle of a member");
        }
        if (passed == 0) {
            throw broken("it is empty");
        }
    }

    private void collect(ByteBuffer bytes) {
        byte[] piece = new byte[(int) Math.min(wanted, bytes.remaining())];
        bytes.get(piece);
        extension.writeBytes(piece);
        wanted -= piece.length;
        passed += piece.length;
        if (wanted == 0) {
            extend(extension.toByteArray());
            extension.reset();
        }
    }

    private void gather(ByteBuffer bytes) {
        int count = Math.min(BLOCK_BYTES - inHeader, bytes.remaining());
        bytes.get(header, inHeader, count);
        inHeader += count;
        passed += count;
        if (inHeader == BLOCK_BYTES) {
            inHeader = 0;
            read();
        }
    }

    private void read() {
        if (isZero()) {
            ended = true;
            return;
        }
        checkSum();
        byte type = header[TYPE_AT];
        boolean extending = type == 'x' || type == 'g' || type == 'L' || type == 'K';
        long size = longSize >= 0 && !extending ? longSize : number(SIZE_AT, SIZE_BYTES);
        switch (type) {
            case 'x', 'g', 'L', 'K' -> begin(type, size);
            case 'S' -> throw sparse();
            case 'M' -> throw broken("it is a part of an archive of several volumes");
            case 0, '0', '7' -> {
                String name = longName == null ? name() : longName;
                // The first implementations have folders as files whose names end so.
                if (!name.endsWith("/")) {
                    table.add(name, size, storage, passed, size);
                }
                passOver(size);
            }
            // Links and devices have no content, whatever their size says.
            case '1', '2', '3', '4', '6' -> passOver(0);
            default -> passOver(size);
        }
    }

    private void begin(byte type, long size) {
        if (size > MAX_EXTENSION_BYTES) {
            throw broken("an extended header has " + size + " bytes");
        }
        extensionType = type;
        wanted = size;
        skip = -size & (BLOCK_BYTES - 1);
    }

    private void passOver(long size) {
        long padding = -size & (BLOCK_BYTES - 1);
        if (size > Long.MAX_VALUE - padding) {
            throw broken("a member has " + size + " bytes");
        }
        skip = size + padding;
        longName = null;
        longSize = -1;
    }

    private void extend(byte[] bytes) {
        switch (extensionType) {
            case 'L' -> longName = text(bytes, 0, bytes.length);
            case 'x' -> readRecords(bytes);
            default -> {
                // Names of links, and what holds for all members: nothing of it says where one is.
            }
        }
    }

    /// Records of pax: `LENGTH KEY=VALUE` and a line end.
    private void readRecords(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            int length = 0;
            while (space < bytes.length && isDigit(bytes[space]) && length < MAX_EXTENSION_BYTES) {
                length = 10 * length + bytes[space++] - '0';
            }
            boolean sound = space > at
                    && space < bytes.length
                    && bytes[space] == ' '
                    && length >= space - at + 2
                    && length <= bytes.length - at;
            if (!sound) {
                throw broken("an extended header cannot be read");
            }
            String record = new String(bytes, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals < 0) {
                throw broken("an extended header cannot be read");
            }
            apply(record.substring(0, equals), record.substring(equals + 1));
            at += length;
        }
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }

    private void apply(String key, String value) {
        if (key.equals("path")) {
            longName = value;
        } else if (key.equals("size")) {
            try {
                longSize = Long.parseLong(value);
            } catch (NumberFormatException e) {
                longSize = -1;
            }
            if (longSize < 0) {
                throw broken("a member's size is \"" + value + "\"");
            }
        } else if (key.startsWith("GNU.sparse.")) {
            throw sparse();
        }
    }

    private String name() {
        String name = text(header, 0, NAME_BYTES);
        // GNU's own format has other things there.
        boolean posix = text(header, MAGIC_AT, MAGIC_BYTES).equals("ustar");
        String prefix = posix ? text(header, PREFIX_AT, PREFIX_BYTES) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] bytes, int at, int length) {
        int end = at;
        while (end < at + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    private boolean isZero() {
        for (byte value : header) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private void checkSum() {
        int unsigned = 0;
        int signed = 0;
        for (int index = 0; index < BLOCK_BYTES; index++) {
            boolean own = index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_BYTES;
            byte value = own ? (byte) ' ' : header[index];
            unsigned += value & 0xFF;
            signed += value;
        }
        long stated = number(CHECKSUM_AT, CHECKSUM_BYTES);
        if (stated != unsigned && stated != signed) {
            throw broken("a header has a wrong checksum");
        }
    }

    /// Octal digits between spaces or zeros, or, where the highest bit is set, the bytes of a number.
    private long number(int at, int length) {
        long value = 0;
        if ((header[at] & 0x80) != 0) {
            value = header[at] & 0x7F;
            for (int index = at + 1; index < at + length; index++) {
                if (value >>> 55 != 0) {
                    throw broken("a number in a header is too large");
                }
                value = value << 8 | (header[index] & 0xFF);
            }
            return value;
        }
        int index = at;
        while (index < at + length && (header[index] == ' ' || header[index] == 0)) {
            index++;
        }
        while (index < at + length && header[index] >= '0' && header[index] <= '7') {
            value = value << 3 | header[index++] - '0';
        }
        if (index < at + length && header[index] != ' ' && header[index] != 0) {
            throw broken("a number in a header cannot be read");
        }
        return value;
    }

    private static StoreException broken(String why) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, "not a tar archive: " + why);
    }

    private static StoreException sparse() {
        return new StoreException(
                ErrorCode.UNSUPPORTED, "the archive has a sparse file: its members cannot be read one by one");
    }
}
