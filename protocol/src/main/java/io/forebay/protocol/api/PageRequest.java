package io.forebay.protocol.api;

import org.jspecify.annotations.Nullable;

/// Asks one storage node for one page of one bucket: the internal form behind every face's listing.
///
/// Sent as JSON in the body of `GET /v1/buckets/BUCKET?what=page`, for the objects that the node answers
/// for, rolled up; and of `?what=holdings`, for all that it has, with stamps and tombstones and not rolled
/// up, except where a group is sure to have an object.
///
/// @param prefix only names that begin with it
/// @param after only names strictly greater in UTF-8 byte order; empty for the beginning
/// @param past whether `after` is a rolled-up group, every name of which is passed over
/// @param delimiter rolls names up at its first occurrence after the prefix; empty for none
/// @param limit the most entries, groups included, 1 to 10,000
/// @param attributes whether entries carry more than name and size
public record PageRequest(String prefix, String after, boolean past, String delimiter, int limit, boolean attributes) {
    /// A text that a message leaves out is empty.
    public PageRequest(
            @Nullable String prefix,
            @Nullable String after,
            boolean past,
            @Nullable String delimiter,
            int limit,
            boolean attributes) {
        this.prefix = prefix == null ? "" : prefix;
        this.after = after == null ? "" : after;
        this.past = past;
        this.delimiter = delimiter == null ? "" : delimiter;
        this.limit = limit;
        this.attributes = attributes;
    }

    /// A page after the last entry of another one, which may be a group.
    public PageRequest(String prefix, String after, String delimiter, int limit, boolean attributes) {
        this(prefix, after, after.equals(group(after, prefix, delimiter)), delimiter, limit, attributes);
    }

    /// The same from another name on, or from behind another group.
    public PageRequest from(String name, boolean pastGroup, int newLimit) {
        return new PageRequest(prefix, name, pastGroup, delimiter, newLimit, attributes);
    }

    /// The group that the delimiter rolls a name up into, or null.
    public @Nullable String group(String name) {
        return group(name, prefix, delimiter);
    }

    private static @Nullable String group(String name, String prefix, String delimiter) {
        if (delimiter.isEmpty() || !name.startsWith(prefix)) {
            return null;
        }
        int at = name.indexOf(delimiter, prefix.length());
        return at < 0 ? null : name.substring(0, at + delimiter.length());
    }
}
