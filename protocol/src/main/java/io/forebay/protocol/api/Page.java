package io.forebay.protocol.api;

import java.util.List;
import java.util.Map;

/// One page of one bucket, in UTF-8 byte order of the names.
///
/// Sent as msgpack (`PageCodec`).
///
/// @param entries objects and rolled-up groups together, each name once
/// @param truncated whether the node holds more after the last entry
public record Page(List<Entry> entries, boolean truncated) {
    public static final Page EMPTY = new Page(List.of(), false);

    /// An object, or a group of names rolled up at the delimiter (`group` true; only the name counts, delimiter
    /// included).
    ///
    /// @param checksums stored checksums by wire name, in hex
    /// @param compositeChecksum `algorithm=base64-N` or empty
    public record Entry(
            String name,
            boolean group,
            long size,
            long modifiedMillis,
            long accessedNanos,
            long version,
            String etag,
            Map<String, String> checksums,
            String compositeChecksum,
            Map<String, String> custom) {
        public static Entry group(String name) {
            return new Entry(name, true, 0, 0, 0, 0, "", Map.of(), "", Map.of());
        }
    }
}
