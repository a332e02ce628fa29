package io.forebay.protocol.http.netty.codec;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The `Date` and `Server` lines of replies, made once a second.
public final class DateLine {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private long second = -1;
    private byte[] bytes = new byte[0];

    /// Makes the line again when another second has begun.
    public void refresh(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            second = now;
            String text = "Date: " + FORMAT.format(Instant.ofEpochSecond(now)) + "\r\nServer: Forebay\r\n";
            bytes = text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /// Not to be changed.
    public byte[] bytes() {
        return bytes;
    }
}
