package io.forebay.common.model;

import io.forebay.common.error.Check;
import java.util.Base64;
import java.util.HexFormat;

/// A checksum's type and its digest in lower-case hex, as AIStore prints it.
public record Checksum(ChecksumType type, String hex) {
    private static final boolean[] HEX_DIGITS = hexDigits();

    public Checksum {
        Check.argument(
                hex.length() == 2 * type.digestBytes() && isHex(hex),
                "invalid %s checksum \"%s\": expecting %s hex digits",
                type.wireName(),
                hex,
                2 * type.digestBytes());
    }

    public static Checksum of(ChecksumType type, byte[] digest) {
        return new Checksum(type, HexFormat.of().formatHex(digest));
    }

    public byte[] digest() {
        return HexFormat.of().parseHex(hex);
    }

    /// The digest in base64, as S3's headers have it.
    public String base64() {
        return Base64.getEncoder().encodeToString(digest());
    }

    /// By a table: digits and letters take turns at random, and branches on them that the processor guesses wrong
    /// were an eighth of the time of a listing.
    private static boolean isHex(String text) {
        boolean hex = true;
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            hex &= c < HEX_DIGITS.length && HEX_DIGITS[c];
        }
        return hex;
    }

    private static boolean[] hexDigits() {
        boolean[] digits = new boolean['f' + 1];
        "0123456789abcdef".chars().forEach(c -> digits[c] = true);
        return digits;
    }
}
