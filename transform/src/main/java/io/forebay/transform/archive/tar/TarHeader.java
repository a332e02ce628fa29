package io.forebay.transform.archive.tar;

import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.Refusal;
import java.nio.charset.StandardCharsets;

/// The fields of one header block of a tar archive, in the forms of V7, POSIX, GNU and star.
final class TarHeader {
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int MODIFIED_AT = 136;
    private static final int NUMBER_BYTES = 12;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_BYTES = 155;
    private static final int STAR_PREFIX_BYTES = 131;
    private static final int STAR_MAGIC_AT = 508;

    private TarHeader() {}

    static boolean isZero(byte[] block) {
        for (byte value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the block has its checksum: the sum of its bytes, which some programs took as signed.
    static boolean hasChecksum(byte[] block) {
        int unsigned = 0;
        int signed = 0;
        for (byte value : block) {
            unsigned += value & 0xFF;
            signed += value;
        }
        for (int index = CHECKSUM_AT; index < CHECKSUM_AT + CHECKSUM_BYTES; index++) {
            unsigned += ' ' - (block[index] & 0xFF);
            signed += ' ' - block[index];
        }
        long given = octal(block, CHECKSUM_AT, CHECKSUM_BYTES);
        return given == unsigned || given == signed;
    }

    static char type(byte[] block) {
        return (char) (block[TYPE_AT] & 0xFF);
    }

    static String name(byte[] block) {
        String name = text(block, 0, NAME_BYTES);
        boolean posix = matches(block, MAGIC_AT, "ustar\0");
        if (!posix || block[PREFIX_AT] == 0) {
            return name;
        }
        int prefixBytes = matches(block, STAR_MAGIC_AT, "tar\0") ? STAR_PREFIX_BYTES : PREFIX_BYTES;
        return text(block, PREFIX_AT, prefixBytes) + "/" + name;
    }

    static String text(byte[] bytes, int from, int maxLength) {
        int to = from;
        while (to < from + maxLength && bytes[to] != 0) {
            to++;
        }
        return MemberName.decode(bytes, from, to, StandardCharsets.ISO_8859_1);
    }

    /// The size. Throws INVALID_ARGUMENT when it is none.
    static long size(byte[] block) {
        return number(block, SIZE_AT);
    }

    static long modifiedMillis(byte[] block) {
        long seconds = (block[MODIFIED_AT] & 0x80) != 0
                ? binary(block, MODIFIED_AT, NUMBER_BYTES)
                : octal(block, MODIFIED_AT, NUMBER_BYTES);
        boolean sane = seconds != -1 && Math.abs(seconds) < Long.MAX_VALUE / 1000;
        return sane ? seconds * 1000 : 0;
    }

    /// A number that is not negative, in octal digits or in base 256. Throws INVALID_ARGUMENT when it is
    /// none.
    static long number(byte[] block, int at) {
        long number = (block[at] & 0x80) != 0 ? binary(block, at, NUMBER_BYTES) : octal(block, at, NUMBER_BYTES);
        if (number < 0) {
            throw Refusal.malformed("a header of the archive has a number that is none");
        }
        return number;
    }

    /// A number in base 256, of which the first bit is a mark and the second the sign; `Long.MIN_VALUE` for
    /// one that does not fit.
    private static long binary(byte[] block, int at, int length) {
        boolean negative = (block[at] & 0x40) != 0;
        byte filler = (byte) (negative ? 0xFF : 0);
        byte first = negative ? block[at] : (byte) (block[at] & 0x7F);
        for (int index = at + 1; index < at + length - Long.BYTES; index++) {
            if (block[index] != filler) {
                return Long.MIN_VALUE;
            }
        }
        long number = 0;
        for (int index = at + length - Long.BYTES; index < at + length; index++) {
            number = number << 8 | (block[index] & 0xFF);
        }
        return first == filler && (number < 0) == negative ? number : Long.MIN_VALUE;
    }

    /// Octal digits between blanks; 0 for blanks alone and -1 for anything else.
    private static long octal(byte[] block, int at, int length) {
        int index = at;
        int end = at + length;
        while (index < end && block[index] == ' ') {
            index++;
        }
        long number = 0;
        while (index < end && block[index] >= '0' && block[index] <= '7') {
            number = number << 3 | (block[index] - '0');
            index++;
        }
        return index == end || block[index] == ' ' || block[index] == 0 ? number : -1;
    }

    private static boolean matches(byte[] block, int at, String text) {
        for (int index = 0; index < text.length(); index++) {
            if (block[at + index] != text.charAt(index)) {
                return false;
            }
        }
        return true;
    }
}
