package io.forebay.protocol.api;

import java.util.List;

/// A user, as administrators see it.
///
/// @param canonicalId S3's id of the user, 64 hex digits
/// @param createdMillis in milliseconds since the epoch
/// @param keys newest first
public record UserInfo(
        String name, String canonicalId, boolean administrator, boolean enabled, long createdMillis, List<Key> keys) {
    /// An access key.
    public record Key(String id, long createdMillis) {}

    public UserInfo {
        keys = List.copyOf(keys);
    }
}
