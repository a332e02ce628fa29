package io.forebay.storage.multipart;

import io.forebay.common.model.Checksum;
import io.forebay.storage.object.Conditions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client sends to make its parts one object.
///
/// @param parts the parts that it names, in its order
/// @param rule which choices of parts are allowed
/// @param minPartBytes the least size of every part but the last
/// @param expectedChecksum of the whole object, or null
/// @param expectedComposite `algorithm=base64-N`, or null
/// @param conditions what must hold of the object that is replaced
public record CompletionRequest(
        List<NamedPart> parts,
        PartRule rule,
        long minPartBytes,
        @Nullable Checksum expectedChecksum,
        @Nullable String expectedComposite,
        Conditions conditions) {
    public CompletionRequest {
        parts = List.copyOf(parts);
    }

    /// A part as the client names it.
    ///
    /// @param etag as it was told, quotes optional; empty when the client does not say
    /// @param checksum as the client knows it, or null
    public record NamedPart(
            int number, String etag, @Nullable Checksum checksum) {}

    /// Which choices of parts a protocol allows.
    public enum PartRule {
        /// S3: any of the uploaded parts, in ascending order.
        ASCENDING_CHOICE,
        /// AIStore: exactly the uploaded ones, numbered from 1 without gaps, in any order.
        EXACTLY_ALL
    }
}
