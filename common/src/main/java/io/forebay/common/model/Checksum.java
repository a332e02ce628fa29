package io.forebay.common.model;

import io.forebay.common.error.Check;
import java.util.Base64;
import java.util.HexFormat;

/// A checksum's type and its digest in lower-case hex, as AIStore prints it.
public record Checksum(ChecksumType type, String hex) {
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

    private static boolean isHex(String text) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }
}
