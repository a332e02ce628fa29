package io.forebay.protocol.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

/// Dates in HTTP headers, which have no part of a second (RFC 9110, section 5.6.7).
public final class HttpDate {
    /// What `parse` returns for a text that is no date.
    public static final long INVALID = Long.MIN_VALUE;

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final List<DateTimeFormatter> FORMS = List.of(
            FORMAT,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH));

    private HttpDate() {}

    /// The date of a time in milliseconds since the epoch, its part of a second dropped.
    public static String format(long millis) {
        return FORMAT.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }

    /// Milliseconds since the epoch of any of the three forms that a receiver must accept; `INVALID` for other
    /// texts.
    public static long parse(String text) {
        String date = text.strip();
        for (DateTimeFormatter form : FORMS) {
            long millis = parse(date, form);
            if (millis != INVALID) {
                return millis;
            }
        }
        return INVALID;
    }

    private static long parse(String date, DateTimeFormatter form) {
        try {
            return LocalDateTime.parse(date, form).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException notThatForm) {
            return INVALID;
        }
    }
}
