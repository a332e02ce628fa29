package io.forebay.common.io;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.util.HexFormat;

/// Arithmetic of cyclic redundancy checks: the one of two runs of bytes from the ones of each.
///
/// With it the checksum of a whole multipart object comes from its parts' checksums and sizes, no byte read again.
public final class Crc {
    /*
     * Reflected polynomials over GF(2): the highest bit of a value of `width` bits is the coefficient of x^0. A run B
     * of n bytes after a run A multiplies A's remainder by x^(8n); start value and final inversion cancel out because
     * both are all ones. x^(8n) is made of squares, so a combination takes at most 64 multiplications.
     */
    private final int width;
    private final long polynomial;

    private Crc(int width, long polynomial) {
        this.width = width;
        this.polynomial = polynomial;
    }

    /// Whether checksums of that type can be combined: the type is CRC32, CRC32C or CRC64NVME.
    public static boolean combines(ChecksumType type) {
        return type == ChecksumType.CRC32 || type == ChecksumType.CRC32C || type == ChecksumType.CRC64NVME;
    }

    /// The checksum of a run of bytes followed by another of `secondBytes` bytes. Throws UNSUPPORTED for a type that
    /// does not combine.
    public static Checksum combine(Checksum first, Checksum second, long secondBytes) {
        Check.that(first.type() == second.type(), "%s and %s do not combine", first.type(), second.type());
        long combined = of(first.type()).combine(value(first), value(second), secondBytes);
        int digits = 2 * first.type().digestBytes();
        return new Checksum(first.type(), HexFormat.of().toHexDigits(combined, digits));
    }

    /// As the other, with the checksums as numbers.
    public static long combine(ChecksumType type, long first, long second, long secondBytes) {
        return of(type).combine(first, second, secondBytes);
    }

    private static long value(Checksum checksum) {
        return Long.parseUnsignedLong(checksum.hex(), 16);
    }

    private static Crc of(ChecksumType type) {
        return switch (type) {
            case CRC32 -> new Crc(32, 0xEDB88320L);
            case CRC32C -> new Crc(32, 0x82F63B78L);
            case CRC64NVME -> new Crc(64, Crc64Nvme.REFLECTED_POLYNOMIAL);
            case XXHASH64, XXHASH3, XXHASH128, MD5, SHA1, SHA256, SHA512 ->
                throw new StoreException(
                        ErrorCode.UNSUPPORTED, type.wireName() + " checksums of parts do not combine into the whole's");
        };
    }

    private long combine(long first, long second, long secondBytes) {
        Check.that(secondBytes >= 0, "negative length %s", secondBytes);
        return multiply(power(secondBytes), first) ^ second;
    }

    /// x to the power of eight times that many bytes.
    private long power(long bytes) {
        long product = 1L << (width - 1);
        long square = 1L << (width - 1 - 8);
        for (long rest = bytes; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                product = multiply(square, product);
            }
            square = multiply(square, square);
        }
        return product;
    }

    private long multiply(long a, long b) {
        long product = 0;
        long shifted = b;
        for (int bit = width - 1; bit >= 0; bit--) {
            if ((a >>> bit & 1) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial;
        }
        return product;
    }
}
