package io.forebay.common.model;

import org.jspecify.annotations.Nullable;

/// What a `Range` header asks for (RFC 9110, section 14): one range in bytes, before the object's size is known.
///
/// `first` is -1 for a suffix range, whose length is then `last`; `last` is -1 for an open range.
public record RangeHeader(long first, long last) {

    /// Parses `bytes=a-b`, `bytes=a-` or `bytes=-n`. Null for any other text, several ranges included.
    public static @Nullable RangeHeader parse(String text) {
        String trimmed = text.strip();
        if (!trimmed.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        String spec = trimmed.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long first = dash == 0 ? -1 : number(spec, 0, dash);
        long last = dash == spec.length() - 1 ? -1 : number(spec, dash + 1, spec.length());
        if (first == -2 || last == -2 || (first == -1 && last == -1) || (last >= 0 && first > last)) {
            return null;
        }
        return new RangeHeader(first, last);
    }

    /// The bytes of an object of that size which the range covers, clipped at its end; null when there are none.
    public @Nullable ByteRange resolve(long size) {
        if (first < 0) {
            long length = Math.min(last, size);
            return length == 0 ? null : new ByteRange(size - length, length);
        }
        if (first >= size) {
            return null;
        }
        long end = last < 0 ? size - 1 : Math.min(last, size - 1);
        return new ByteRange(first, end - first + 1);
    }

    /// The number that the text has there, or the largest of all when it is larger; -2 for what is none.
    private static long number(String text, int from, int to) {
        if (to == from) {
            return -2;
        }
        long value = 0;
        for (int index = from; index < to; index++) {
            char c = text.charAt(index);
            if (c < '0' || c > '9') {
                return -2;
            }
            value = value > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : value * 10 + (c - '0');
        }
        return value;
    }
}
