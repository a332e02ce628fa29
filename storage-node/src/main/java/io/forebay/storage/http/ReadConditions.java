package io.forebay.storage.http;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import org.jspecify.annotations.Nullable;

/// What a reader demands of the stored object before it wants it (RFC 9110, section 13). Dates that are none are
/// passed over, as the standard says.
record ReadConditions(
        @Nullable String match,
        @Nullable String noneMatch,
        @Nullable String modifiedSince,
        @Nullable String unmodifiedSince) {
    static final ReadConditions NONE = new ReadConditions(null, null, null, null);

    boolean isNone() {
        return match == null && noneMatch == null && modifiedSince == null && unmodifiedSince == null;
    }

    enum Verdict {
        PROCEED,
        NOT_MODIFIED,
        FAILED
    }

    static ReadConditions of(Headers headers) {
        return new ReadConditions(
                headers.find("If-Match"),
                headers.find("If-None-Match"),
                headers.find("If-Modified-Since"),
                headers.find("If-Unmodified-Since"));
    }

    /// Judges an object by its entity tag, without quotes, and its time, in the order of the standard: a tag outranks
    /// the date of the same direction.
    Verdict judge(String etag, long modifiedMillis) {
        if (match != null) {
            if (!EntityTags.contains(match, etag)) {
                return Verdict.FAILED;
            }
        } else if (unmodifiedSince != null && isLater(modifiedMillis, unmodifiedSince)) {
            return Verdict.FAILED;
        }
        if (noneMatch != null) {
            return EntityTags.contains(noneMatch, etag) ? Verdict.NOT_MODIFIED : Verdict.PROCEED;
        }
        boolean unmodified = modifiedSince != null
                && HttpDate.parse(modifiedSince) != HttpDate.INVALID
                && !isLater(modifiedMillis, modifiedSince);
        return unmodified ? Verdict.NOT_MODIFIED : Verdict.PROCEED;
    }

    /// Whether `If-Range` names the object: by its tag, or by exactly its time. A weak tag names none.
    static boolean isSame(String validator, String etag, long modifiedMillis) {
        long date = HttpDate.parse(validator);
        return date == HttpDate.INVALID
                ? !validator.startsWith("W/")
                        && EntityTags.plain(validator.strip()).equals(etag)
                : Math.floorDiv(date, 1000) == Math.floorDiv(modifiedMillis, 1000);
    }

    /// Whether the object changed after the date, by whole seconds. False when the text is no date.
    private static boolean isLater(long modifiedMillis, String date) {
        long millis = HttpDate.parse(date);
        return millis != HttpDate.INVALID && Math.floorDiv(modifiedMillis, 1000) > Math.floorDiv(millis, 1000);
    }
}
