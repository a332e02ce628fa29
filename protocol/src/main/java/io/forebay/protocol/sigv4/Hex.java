package io.forebay.protocol.sigv4;

/// Hex digits as signatures use them: lower case on output, either case accepted by `digit`.
final class Hex {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final int DIGEST_CHARS = 64;

    private Hex() {}

    @SuppressWarnings("deprecation") // The constructor that takes each byte as one char is what Latin-1 means.
    static String of(byte[] bytes) {
        byte[] text = new byte[2 * bytes.length];
        for (int index = 0; index < bytes.length; index++) {
            text[2 * index] = DIGITS[(bytes[index] >> 4) & 15];
            text[2 * index + 1] = DIGITS[bytes[index] & 15];
        }
        return new String(text, 0);
    }

    /// The value of a hex digit, or -1.
    static int digit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    /// Whether the text is 64 hex digits in lower case.
    static boolean isDigest(String text) {
        if (text.length() != DIGEST_CHARS) {
            return false;
        }
        for (int index = 0; index < DIGEST_CHARS; index++) {
            char c = text.charAt(index);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
