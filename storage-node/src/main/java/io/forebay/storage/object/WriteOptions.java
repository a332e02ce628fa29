package io.forebay.storage.object;

import io.forebay.common.model.ChecksumType;
import io.forebay.storage.crypto.Sealer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of an object, or a part, before its bytes arrive.
///
/// @param length its size in bytes, or -1 when the sender did not say; a commit with another size is refused
/// @param keep checksums to compute and store; XXHASH64 always is
/// @param verify checksums to compute for `WriteSession.expect` alone
/// @param system HTTP attributes by lower-case header name
/// @param custom user metadata
/// @param sealer encrypts the bytes on their way; null when they are stored as they come
/// @param follower sees the bytes on their way, unless they are encrypted; or null
public record WriteOptions(
        long length,
        List<ChecksumType> keep,
        List<ChecksumType> verify,
        Map<String, String> system,
        Map<String, String> custom,
        @Nullable Sealer sealer,
        @Nullable Follower follower) {
    public WriteOptions {
        keep = List.copyOf(keep);
        verify = List.copyOf(verify);
    }

    /// Of bytes that nobody follows.
    public WriteOptions(
            long length,
            List<ChecksumType> keep,
            List<ChecksumType> verify,
            Map<String, String> system,
            Map<String, String> custom,
            @Nullable Sealer sealer) {
        this(length, keep, verify, system, custom, sealer, null);
    }

    /// Of bytes that are stored as they come.
    public WriteOptions(
            long length,
            List<ChecksumType> keep,
            List<ChecksumType> verify,
            Map<String, String> system,
            Map<String, String> custom) {
        this(length, keep, verify, system, custom, null);
    }

    /// Bytes of that length (or -1) and nothing more.
    public static WriteOptions ofLength(long length) {
        return new WriteOptions(length, List.of(), List.of(), Map.of(), Map.of());
    }

    /// How many bytes are going to be stored, or -1.
    long storedLength() {
        return sealer == null ? length : Sealer.stored(length);
    }
}
