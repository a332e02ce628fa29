package io.forebay.gateway.api.s3;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Times in S3's documents: `2026-03-04T05:06:07.000Z`, in whole seconds so that they agree with `Last-Modified`.
final class S3Time {
    private S3Time() {}

    static String iso(long millis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(24);
        digits(time.getYear(), 1000, out).append('-');
        digits(time.getMonthValue(), 10, out).append('-');
        digits(time.getDayOfMonth(), 10, out).append('T');
        digits(time.getHour(), 10, out).append(':');
        digits(time.getMinute(), 10, out).append(':');
        return digits(time.getSecond(), 10, out).append(".000Z").toString();
    }

    private static StringBuilder digits(int value, int unit, StringBuilder out) {
        for (int divisor = unit; divisor > 0; divisor /= 10) {
            out.append((char) ('0' + value / divisor % 10));
        }
        return out;
    }
}
