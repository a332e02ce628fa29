package io.forebay.transform.archive.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Tar archives made block by block for tests, right or wrong.
public final class TarBlocks {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// A header of that name, size and type in the form of POSIX, with an octal size.
    public TarBlocks header(String name, long size, char type, String prefix) {
        byte[] block = block(name, size, type);
        put(block, 345, prefix);
        return header(block);
    }

    /// The block of a header without its checksum.
    public static byte[] block(String name, long size, char type) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0000644\0");
        put(block, 124, String.format("%011o", size));
        put(block, 136, "14524770000");
        block[156] = (byte) type;
        put(block, 257, "ustar\00000");
        return block;
    }

    public static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /// A header with its checksum put in.
    public TarBlocks header(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xFF;
        }
        put(block, 148, String.format("%06o\0", sum));
        out.writeBytes(block);
        return this;
    }

    /// Bytes with what fills their last block.
    public TarBlocks data(byte[] bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[-bytes.length & 511]);
        return this;
    }

    /// The archive with its end.
    public byte[] bytes() {
        byte[] open = open();
        return Arrays.copyOf(open, open.length + 1024);
    }

    /// The archive without its end.
    public byte[] open() {
        return out.toByteArray();
    }

    /// Records of an extended header: keys and values by turns.
    public static byte[] records(String... keysAndValues) {
        StringBuilder records = new StringBuilder();
        for (int index = 0; index < keysAndValues.length; index += 2) {
            String rest = " " + keysAndValues[index] + "=" + keysAndValues[index + 1] + "\n";
            int length = rest.getBytes(StandardCharsets.UTF_8).length;
            int digits = 1;
            while (Integer.toString(length + digits).length() > digits) {
                digits++;
            }
            records.append(length + digits).append(rest);
        }
        return records.toString().getBytes(StandardCharsets.UTF_8);
    }
}
