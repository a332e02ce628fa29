package io.forebay.common.io;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// CRC-64/NVME: the reflected polynomial of the NVM Express specification.
///
/// For one thread at a time; not reusable after `finish`.
final class Crc64Nvme implements Checksummer {
    /*
     * Sixteen bytes a step by sixteen tables of 2 KiB: a step waits for the one before it, so half as many steps are
     * 1.4 to 1.8 times as fast as eight bytes a step.
     */

    /// The polynomial 0xAD93D23594C93659, lowest power in the highest bit.
    static final long REFLECTED_POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// `TABLES[k * 256 + b]` is the remainder of byte b followed by k zero bytes.
    private static final long[] TABLES = tables();

    private long state = -1;

    @Override
    public void update(ByteBuffer bytes) {
        long crc = state;
        int limit = bytes.limit();
        int index = bytes.position();
        for (; index + 16 <= limit; index += 16) {
            crc = eight(crc ^ (long) LONGS.get(bytes, index), 0x800) ^ eight((long) LONGS.get(bytes, index + 8), 0);
        }
        for (; index < limit; index++) {
            crc = TABLES[(int) (crc ^ bytes.get(index)) & 0xFF] ^ (crc >>> 8);
        }
        state = crc;
    }

    long value() {
        return ~state;
    }

    @Override
    public Checksum finish() {
        return new Checksum(ChecksumType.CRC64NVME, HexFormat.of().toHexDigits(value()));
    }

    /// The remainder of eight bytes that are followed by zero bytes: none from table 0 on, eight from table 0x800 on.
    private static long eight(long x, int table) {
        return TABLES[table + 0x700 + ((int) x & 0xFF)]
                ^ TABLES[table + 0x600 + ((int) (x >>> 8) & 0xFF)]
                ^ TABLES[table + 0x500 + ((int) (x >>> 16) & 0xFF)]
                ^ TABLES[table + 0x400 + ((int) (x >>> 24) & 0xFF)]
                ^ TABLES[table + 0x300 + ((int) (x >>> 32) & 0xFF)]
                ^ TABLES[table + 0x200 + ((int) (x >>> 40) & 0xFF)]
                ^ TABLES[table + 0x100 + ((int) (x >>> 48) & 0xFF)]
                ^ TABLES[table + (int) (x >>> 56)];
    }

    private static long[] tables() {
        long[] tables = new long[16 * 256];
        for (int value = 0; value < 256; value++) {
            long crc = value;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ REFLECTED_POLYNOMIAL;
            }
            tables[value] = crc;
        }
        for (int index = 256; index < tables.length; index++) {
            long before = tables[index - 256];
            tables[index] = tables[(int) before & 0xFF] ^ (before >>> 8);
        }
        return tables;
    }
}
