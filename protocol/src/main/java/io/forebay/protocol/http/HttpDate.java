package io.forebay.protocol.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
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

    private static final String TEMPLATE = "..., .. ... .... ..:..:.. GMT";
    private static final int LENGTH = TEMPLATE.length();
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long FIRST_BY_HAND = -30_610_224_000_000L; // The year 1000.
    private static final long END_BY_HAND = 253_402_300_800_000L; // The year 10000.

    private HttpDate() {}

    /// The date of a time in milliseconds since the epoch, its part of a second dropped.
    ///
    /// By hand for the years of four digits: 35 ns (`HttpDateBenchmark`) where a formatter takes 160 to 300, and
    /// every GET through S3 shows a date.
    @SuppressWarnings("deprecation") // Copies Latin-1 text as bytes, which is what it is for.
    public static String format(long millis) {
        if (millis < FIRST_BY_HAND || millis >= END_BY_HAND) {
            return FORMAT.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
        }
        long seconds = Math.floorDiv(millis, 1000L);
        long day = Math.floorDiv(seconds, SECONDS_PER_DAY);
        int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(day);
        int weekday = date.getDayOfWeek().getValue() - 1;
        byte[] text = new byte[LENGTH];
        TEMPLATE.getBytes(0, LENGTH, text, 0);
        DAYS.getBytes(3 * weekday, 3 * weekday + 3, text, 0);
        put(date.getDayOfMonth(), text, 5);
        MONTHS.getBytes(3 * date.getMonthValue() - 3, 3 * date.getMonthValue(), text, 8);
        put(date.getYear() / 100, text, 12);
        put(date.getYear() % 100, text, 14);
        put(second / 3600, text, 17);
        put(second / 60 % 60, text, 20);
        put(second % 60, text, 23);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(int number, byte[] text, int at) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
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
