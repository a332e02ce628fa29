package io.forebay.protocol.sigv4;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// Times of signed requests: `yyyyMMdd'T'HHmmss'Z'`, or an HTTP date where a client uses `Date` only.
final class AmzTime {
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

    /// Of a time in the years 0 to 9999. Written by hand: every signed request needs it, and a formatter takes twenty
    /// times as long.
    static String basic(Instant time) {
        LocalDateTime fields = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        byte[] text = new byte[BASIC_CHARS];
        digits(fields.getYear(), text, 0, 4);
        digits(fields.getMonthValue(), text, 4, 6);
        digits(fields.getDayOfMonth(), text, 6, 8);
        text[8] = 'T';
        digits(fields.getHour(), text, 9, 11);
        digits(fields.getMinute(), text, 11, 13);
        digits(fields.getSecond(), text, 13, 15);
        text[15] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void digits(int number, byte[] text, int from, int to) {
        int rest = number;
        for (int index = to - 1; index >= from; index--) {
            text[index] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
