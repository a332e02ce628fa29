package io.forebay.transform.archive.tar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What is around the members of a tar archive that is made: headers as POSIX.1-1988 has them (ustar), with
/// extended headers as POSIX.1-2001 has them (pax) for names over 100 bytes or beyond ASCII and for what else
/// does not fit.
///
/// The bodies themselves need not pass through here.
public final class TarFraming {
    public static final int BLOCK_BYTES = 512;

    private static final int NAME_BYTES = 100;
    private static final int CHECKSUM_AT = 148;
    private static final long MAX_OCTAL = (1L << 33) - 1;
    private static final byte[] MODE = ascii("0000644\0");
    private static final byte[] NOBODY = ascii("0000000\0");
    private static final byte[] MAGIC = ascii("ustar\00000");
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(2 * BLOCK_BYTES).asReadOnlyBuffer();

    private TarFraming() {}

    /// The headers of a regular file, in front of its bytes.
    public static ByteBuffer header(String name, long size, long modifiedMillis) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        long seconds = Math.floorDiv(modifiedMillis, 1000L);
        boolean isPlain = bytes.length <= NAME_BYTES && bytes.length == name.length();
        boolean fits = size <= MAX_OCTAL && seconds >= 0 && seconds <= MAX_OCTAL;
        byte[] records = isPlain && fits ? new byte[0] : records(name, isPlain, size, seconds);
        int extended = records.length == 0 ? 0 : BLOCK_BYTES + records.length + paddingBytes(records.length);
        ByteBuffer out = ByteBuffer.allocate(extended + BLOCK_BYTES);
        if (records.length > 0) {
            put(out, 0, 'x', ascii("pax"), records.length, 0);
            out.put(BLOCK_BYTES, records);
        }
        put(out, extended, '0', bytes, Math.min(size, MAX_OCTAL), Math.clamp(seconds, 0, MAX_OCTAL));
        return out;
    }

    /// What fills the last block of a body of that many bytes.
    public static ByteBuffer padding(long size) {
        return ZEROS.slice(0, paddingBytes(size));
    }

    /// How many bytes fill it.
    public static int paddingBytes(long size) {
        return (int) (-size & (BLOCK_BYTES - 1));
    }

    /// The end of an archive.
    public static ByteBuffer end() {
        return ZEROS.duplicate();
    }

    private static void put(ByteBuffer out, int at, char type, byte[] name, long size, long seconds) {
        byte[] block = new byte[BLOCK_BYTES];
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME_BYTES));
        System.arraycopy(MODE, 0, block, 100, MODE.length);
        System.arraycopy(NOBODY, 0, block, 108, NOBODY.length);
        System.arraycopy(NOBODY, 0, block, 116, NOBODY.length);
        octal(block, 124, 11, size);
        octal(block, 136, 11, seconds);
        block[156] = (byte) type;
        System.arraycopy(MAGIC, 0, block, 257, MAGIC.length);
        int sum = 8 * ' ';
        for (byte value : block) {
            sum += value & 0xFF;
        }
        octal(block, CHECKSUM_AT, 6, sum);
        block[CHECKSUM_AT + 7] = ' ';
        out.put(at, block);
    }

    private static void octal(byte[] block, int at, int digits, long value) {
        long left = value;
        for (int index = at + digits - 1; index >= at; index--) {
            block[index] = (byte) ('0' + (left & 7));
            left >>>= 3;
        }
    }

    private static byte[] records(String name, boolean isPlain, long size, long seconds) {
        StringBuilder records = new StringBuilder();
        if (!isPlain) {
            records.append(record("path", name));
        }
        if (size > MAX_OCTAL) {
            records.append(record("size", Long.toString(size)));
        }
        if (seconds < 0 || seconds > MAX_OCTAL) {
            records.append(record("mtime", Long.toString(seconds)));
        }
        return records.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// A record that begins with its own length in bytes.
    private static String record(String key, String value) {
        int rest = 3 + key.length() + value.getBytes(StandardCharsets.UTF_8).length;
        int digits = 1;
        while (Integer.toString(rest + digits).length() > digits) {
            digits++;
        }
        return (rest + digits) + " " + key + "=" + value + "\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
