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

    /// An object, or a group of names rolled up at the delimiter (`group` true; only the name counts,
    /// delimiter included).
    ///
    /// @param checksums stored checksums by wire name, in hex
    /// @param compositeChecksum `algorithm=base64-N`; or just the algorithm, where a client used one that objects
    ///   have anyway; or empty
    /// @param version of the object's content, counted from 1
    /// @param epoch tells with `change` which of several nodes' entries of a name is the newest: the one of
    ///     the higher epoch, then of the higher change; 0 when it is certain, whatever other nodes have of
    ///     the name
    /// @param removed whether there was an object of that name and it was removed: only name, epoch and
    ///     change count
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
            Map<String, String> custom,
            long epoch,
            long change,
            boolean removed) {
        /// An entry that is certain.
        public Entry(
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
            this(
                    name,
                    group,
                    size,
                    modifiedMillis,
                    accessedNanos,
                    version,
                    etag,
                    checksums,
                    compositeChecksum,
                    custom,
                    0,
                    0,
                    false);
        }

        public static Entry group(String name) {
            return new Entry(name, true, 0, 0, 0, 0, "", Map.of(), "", Map.of());
        }

        /// An object that was removed while others may still have it.
        public static Entry removed(String name, long epoch, long change) {
            return new Entry(name, false, 0, 0, 0, 0, "", Map.of(), "", Map.of(), epoch, change, true);
        }

        /// The same entry as one of several nodes'.
        public Entry stamped(long newEpoch, long newChange) {
            return new Entry(
                    name,
                    group,
                    size,
                    modifiedMillis,
                    accessedNanos,
                    version,
                    etag,
                    checksums,
                    compositeChecksum,
                    custom,
                    newEpoch,
                    newChange,
                    removed);
        }
    }
}
