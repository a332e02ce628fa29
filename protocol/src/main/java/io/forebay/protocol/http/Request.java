package io.forebay.protocol.http;

/// The head of one request.
///
/// @param method the method
/// @param target the request target as received, `/path?query`, still percent-encoded and never normalised
/// @param headers the header lines, framing headers included
public record Request(Method method, String target, Headers headers) {

    /// The path as received, percent-encoded, from the first `/` to before `?`.
    public String rawPath() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /// The query as received, after `?`; empty when there is none.
    public String rawQuery() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    /// The query decoded. Parsed at each call: a handler keeps the result.
    public Query query() {
        return Query.parse(rawQuery());
    }
}
