package io.forebay.protocol.api;

import io.forebay.common.error.Check;

/// Holds JSON to being text in UTF-8: a name with half of a surrogate pair has no bytes of its own, and would be
/// another name's once it is kept.
final class JsonText {
    private static final int ESCAPE_LENGTH = 6;
    private static final int FIRST_OF_SURROGATES = 0xED;
    private static final int SECOND_OF_SURROGATES = 0xA0;

    private JsonText() {}

    /// Throws INVALID_ARGUMENT for half of a surrogate pair, escaped or not, and for another encoding than UTF-8.
    static void require(byte[] json) {
        for (int at = 0; at < json.length; at++) {
            byte b = json[at];
            if (b == '\\') {
                at += escape(json, at) - 1;
            } else if (b == (byte) FIRST_OF_SURROGATES) {
                boolean surrogate = at + 1 < json.length && (json[at + 1] & 0xFF) >= SECOND_OF_SURROGATES;
                Check.argument(!surrogate, "invalid JSON message: half of a surrogate pair at byte %s", at);
            } else {
                Check.argument(b != 0, "invalid JSON message: it is not in UTF-8 (a zero at byte %s)", at);
            }
        }
    }

    /// How many bytes an escape has, or two that belong together.
    private static int escape(byte[] json, int at) {
        int unit = unit(json, at);
        if (unit < 0) {
            return 2;
        }
        if (!Character.isSurrogate((char) unit)) {
            return ESCAPE_LENGTH;
        }
        int low = unit(json, at + ESCAPE_LENGTH);
        boolean pair = low >= 0 && Character.isSurrogatePair((char) unit, (char) low);
        Check.argument(pair, "invalid JSON message: half of a surrogate pair at byte %s", at);
        return 2 * ESCAPE_LENGTH;
    }

    /// The UTF-16 unit that is escaped there; -1 when none is.
    private static int unit(byte[] json, int at) {
        if (at + ESCAPE_LENGTH > json.length || json[at] != '\\' || json[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int index = at + 2; index < at + ESCAPE_LENGTH; index++) {
            int digit = Character.digit(json[index], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }
}
