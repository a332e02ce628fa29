package io.forebay.common.model;

import java.nio.charset.StandardCharsets;

/// `Range` headers: what is read of one lies inside every object.
public final class RangeFuzzTarget {
    private static final long[] SIZES = {0, 1, 10, 5L << 40, Long.MAX_VALUE};

    private RangeFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        RangeHeader range = RangeHeader.parse(new String(input, StandardCharsets.ISO_8859_1));
        if (range == null) {
            return;
        }
        for (long size : SIZES) {
            ByteRange resolved = range.resolve(size);
            if (resolved != null
                    && (resolved.offset() < 0
                            || resolved.length() <= 0
                            || resolved.length() > size - resolved.offset())) {
                throw new AssertionError(range + " of " + size + " bytes is " + resolved);
            }
        }
    }
}
