package io.forebay.storage.object;

import io.forebay.common.model.ChecksumType;
import java.util.List;
import java.util.Map;

/// What is known of an object, or a part, before its bytes arrive.
///
/// @param length its size in bytes, or -1 when the sender did not say; a commit with another size is refused
/// @param keep checksums to compute and store; XXHASH64 always is
/// @param verify checksums to compute for `WriteSession.expect` alone
/// @param system HTTP attributes by lower-case header name
/// @param custom user metadata
public record WriteOptions(
        long length,
        List<ChecksumType> keep,
        List<ChecksumType> verify,
        Map<String, String> system,
        Map<String, String> custom) {
    public WriteOptions {
        keep = List.copyOf(keep);
        verify = List.copyOf(verify);
    }

    /// Bytes of that length (or -1) and nothing more.
    public static WriteOptions ofLength(long length) {
        return new WriteOptions(length, List.of(), List.of(), Map.of(), Map.of());
    }
}
