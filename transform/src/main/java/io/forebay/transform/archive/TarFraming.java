package io.forebay.transform.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What is around the members of a tar archive: headers as POSIX.1-1988 has them (ustar), with extended
/// headers as POSIX.1-2001 has them (pax) for what does not fit.
final class TarFraming {
    static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES = 100;
    private static final long MAX_OCTAL_SIZE = (1L << 33) - 1;
    private static final int CHECKSUM_AT = 148;
    private static final byte[] ZEROS = new byte[2 * BLOCK_BYTES];
    private static final byte[] MODE = "0000644\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOBODY = "0000000\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MAGIC = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
    private static final byte FILE = '0';
    private static final byte EXTENDED = 'x';

    private final long modifiedSeconds;
    private final byte[] block = new byte[BLOCK_BYTES];

    /// @param modifiedSeconds of all members, in seconds since the epoch
    TarFraming(long modifiedSeconds) {
        this.modifiedSeconds = modifiedSeconds;
    }

    /// The header of a member of that many bytes.
    void begin(String name, long size, OutputBuffer out) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean plain = bytes.length <= NAME_BYTES && bytes.length == name.length() && size <= MAX_OCTAL_SIZE;
        if (!plain) {
            byte[] records = records(name, size);
            header("pax".getBytes(StandardCharsets.US_ASCII), records.length, EXTENDED, out);
            out.put(ByteBuffer.wrap(records));
            end(records.length, out);
        }
        header(bytes, Math.min(size, MAX_OCTAL_SIZE), FILE, out);
    }

    /// What fills the last block of a member of that many bytes.
    static void end(long size, OutputBuffer out) {
        int padding = (int) (-size & (BLOCK_BYTES - 1));
        out.put(ByteBuffer.wrap(ZEROS, 0, padding));
    }

    /// The end of the archive.
    static void finish(OutputBuffer out) {
        out.put(ByteBuffer.wrap(ZEROS));
    }

    private void header(byte[] name, long size, byte type, OutputBuffer out) {
        Arrays.fill(block, (byte) 0);
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME_BYTES));
        System.arraycopy(MODE, 0, block, 100, MODE.length);
        System.arraycopy(NOBODY, 0, block, 108, NOBODY.length);
        System.arraycopy(NOBODY, 0, block, 116, NOBODY.length);
        octal(size, 124, 11);
        octal(modifiedSeconds, 136, 11);
        Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
        block[156] = type;
        System.arraycopy(MAGIC, 0, block, 257, MAGIC.length);
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xFF;
        }
        octal(sum, CHECKSUM_AT, 6);
        block[CHECKSUM_AT + 6] = 0;
        out.put(ByteBuffer.wrap(block));
    }

    private void octal(long value, int at, int digits) {
        long left = value;
        for (int index = at + digits - 1; index >= at; index--) {
            block[index] = (byte) ('0' + (left & 7));
            left >>>= 3;
        }
    }

    private static byte[] records(String name, long size) {
        String records = record("path", name) + (size > MAX_OCTAL_SIZE ? record("size", Long.toString(size)) : "");
        return records.getBytes(StandardCharsets.UTF_8);
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
}
