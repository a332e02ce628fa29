package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.protocol.http.Exchange;
import org.jspecify.annotations.Nullable;

/// One thing that a caller wants to do: what `Permissions` decides about. A request may want several.
///
/// @param exchange the request by which it is wanted, with what conditions may look at: where it comes from, whether
///     over TLS, its headers and query
/// @param bucket what it is done to, or with; null for what is of no bucket, and for a bucket that does not exist
/// @param key the object's; empty for what is done to the bucket itself
public record Ask(
        Exchange exchange,
        Caller caller,
        Action action,
        @Nullable Bucket bucket,
        String key) {
    /// The resource in words: the bucket, or the object in it.
    String resource() {
        if (bucket == null) {
            return "this cluster";
        }
        return key.isEmpty() ? bucket.name().name() : bucket.name().name() + "/" + key;
    }
}
