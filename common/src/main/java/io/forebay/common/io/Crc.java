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
     * both are all ones. x^(8n) is made of squares, so a combination takes at most 64 multiplications. As polynomials
     * have a constant term, x has an inverse, by whose powers B is taken away again.
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
        return checksum(first.type(), of(first.type()).combine(value(first), value(second), secondBytes));
    }

    /// As the other, with the checksums as numbers.
    public static long combine(ChecksumType type, long first, long second, long secondBytes) {
        return of(type).combine(first, second, secondBytes);
    }

    /// The checksum of what is in front of the last `tailBytes` bytes of a run: what `combine` makes the
    /// whole's of together with the tail's. Throws UNSUPPORTED for a type that does not combine.
    public static Checksum front(Checksum whole, Checksum tail, long tailBytes) {
        Check.that(whole.type() == tail.type(), "%s is not the tail of a %s", tail.type(), whole.type());
        return checksum(whole.type(), of(whole.type()).front(value(whole), value(tail), tailBytes));
    }

    private static Checksum checksum(ChecksumType type, long value) {
        return new Checksum(type, HexFormat.of().toHexDigits(value, 2 * type.digestBytes()));
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
        return multiply(power(1L << (width - 1 - 8), secondBytes), first) ^ second;
    }

    private long front(long whole, long tail, long tailBytes) {
        Check.that(tailBytes >= 0, "negative length %s", tailBytes);
        return multiply(power(power(inverse(), 8), tailBytes), whole ^ tail);
    }

    /// x to the power of -1: what the polynomial has beside its constant term, divided by x.
    private long inverse() {
        long mask = -1L >>> (Long.SIZE - width);
        return (polynomial << 1 & mask) | 1;
    }

    private long power(long base, long exponent) {
        long product = 1L << (width - 1);
        long square = base;
        for (long rest = exponent; rest != 0; rest >>>= 1) {
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
