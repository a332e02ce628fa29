package io.forebay.protocol.api;

import java.util.List;

/// One page of the versions of one bucket's objects: in UTF-8 byte order of the names, and the newest version of each
/// first. Sent as JSON.
///
/// @param truncated whether the node has more after the last entry
public record VersionPage(List<Entry> entries, boolean truncated) {
    /// A version, or a group of names rolled up at the delimiter (`group` true; only the name counts).
    ///
    /// @param latest whether it is what the object is now
    /// @param marker whether it says that the object was removed
    /// @param etag without quotes
    /// @param checksums as `Page.Entry` has them: algorithms' wire names of the stored checksums
    /// @param compositeChecksum `algorithm=base64-N`; or just the algorithm, where a client used one that objects
    ///   have anyway; or empty
    public record Entry(
            String name,
            boolean group,
            String versionId,
            boolean latest,
            boolean marker,
            long size,
            long modifiedMillis,
            String etag,
            List<String> checksums,
            String compositeChecksum) {
        public static Entry group(String name) {
            return new Entry(name, true, "", false, false, 0, 0, "", List.of(), "");
        }
    }
}
