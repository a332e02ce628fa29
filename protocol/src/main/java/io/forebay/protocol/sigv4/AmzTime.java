package io.forebay.protocol.sigv4;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Times of signed requests: `yyyyMMdd'T'HHmmss'Z'`, or an HTTP date where a client uses `Date` only.
final class AmzTime {
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final int BASIC_CHARS = 16;

    private AmzTime() {}

    /// Reads the basic form; null when the text is anything else.
    static @Nullable Instant parseBasic(String text) {
        if (text.length() != BASIC_CHARS || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return null;
        }
        int[] fields = {4, 2, 2, 2, 2, 2};
        int from = 0;
        for (int index = 0; index < fields.length; index++) {
            if (index == 3) {
                from++;
            }
            int value = 0;
            for (int end = from + fields[index]; from < end; from++) {
                int digit = text.charAt(from) - '0';
                if (digit < 0 || digit > 9) {
                    return null;
                }
                value = value * 10 + digit;
            }
            fields[index] = value;
        }
        try {
            return LocalDateTime.of(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /// Reads the basic form or an HTTP date.
    static @Nullable Instant parse(String text) {
        Instant basic = parseBasic(text);
        if (basic != null) {
            return basic;
        }
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        } catch (DateTimeException e) {
            return null;
        }
    }

    static String basic(Instant time) {
        return BASIC.format(time.atOffset(ZoneOffset.UTC));
    }
}
