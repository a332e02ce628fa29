package io.forebay.storage.object;

import io.forebay.storage.metadata.Seal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object being made of parts, not visible yet.
///
/// @param name the object's name
/// @param id letters and digits, unique on the node
/// @param kind what the parts become
/// @param createdMillis in milliseconds since the epoch
/// @param note text of the caller kept with it, such as the checksum that was agreed
/// @param system HTTP attributes of the object to be
/// @param custom user metadata of the object to be
/// @param seal what is kept of the encryption of the object to be; null for none
public record Upload(
        String name,
        String id,
        Kind kind,
        long createdMillis,
        String note,
        Map<String, String> system,
        Map<String, String> custom,
        @Nullable Seal seal) {
    /// The note of one that is begun and ended by the same request: nobody else knows its id.
    public static final String OF_ONE_REQUEST = "one-request";

    public enum Kind {
        /// A multipart object, which remembers its parts.
        MULTIPART,
        /// A plain object, appended to piece by piece.
        APPEND,
        /// As APPEND, after the content that the object has when the upload is begun: no byte of it is copied.
        EXTEND
    }

    /// What the caller decides when it begins one.
    public record Options(
            Kind kind,
            String note,
            Map<String, String> system,
            Map<String, String> custom,
            @Nullable Seal seal) {
        /// Of an object that is not encrypted.
        public Options(Kind kind, String note, Map<String, String> system, Map<String, String> custom) {
            this(kind, note, system, custom, null);
        }
    }
}
