package io.forebay.protocol.api;

import org.jspecify.annotations.Nullable;

/// Asks one storage node for one page of one bucket: the internal form behind every face's listing.
///
/// Sent as JSON in the body of `GET /v1/buckets/BUCKET?what=page`.
///
/// @param prefix only names that begin with it
/// @param after only names strictly greater in UTF-8 byte order; empty for the beginning. When it ends in the delimiter
///     and names a rolled-up group, every name of that group is passed over
/// @param delimiter rolls names up at its first occurrence after the prefix; empty for none
/// @param limit the most entries, groups included, 1 to 10,000
/// @param attributes whether entries carry more than name and size
public record PageRequest(String prefix, String after, String delimiter, int limit, boolean attributes) {
    /// A text that a message leaves out is empty.
    public PageRequest(
            @Nullable String prefix,
            @Nullable String after,
            @Nullable String delimiter,
            int limit,
            boolean attributes) {
        this.prefix = prefix == null ? "" : prefix;
        this.after = after == null ? "" : after;
        this.delimiter = delimiter == null ? "" : delimiter;
        this.limit = limit;
        this.attributes = attributes;
    }
}
