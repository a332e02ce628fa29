package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing that a caller wants to do: what `Permissions` decides about. A request may want several.
///
/// @param exchange the request by which it is wanted, with what conditions may look at: where it comes from, whether
///     over TLS, its query
/// @param bucket what it is done to, or with; null for what is of no bucket, and for a bucket that does not exist
/// @param key the object's; empty for what is done to the bucket itself. Of the listing of a bucket, the one object of
///     which the caller would learn
/// @param headers those that say what is wanted, which conditions may look at
/// @param tags those that the object is to get, by key
public record Ask(
        Exchange exchange,
        Caller caller,
        Action action,
        @Nullable Bucket bucket,
        String key,
        Headers headers,
        Map<String, String> tags) {

    /// What a request itself says.
    public Ask(Exchange exchange, Caller caller, Action action, @Nullable Bucket bucket, String key) {
        this(exchange, caller, action, bucket, key, exchange.request().headers(), Map.of());
    }

    /// Another thing that the same request wants with the same.
    public Ask of(Action other) {
        return new Ask(exchange, caller, other, bucket, key, headers, tags);
    }

    /// The resource in words: the bucket, or the object in it.
    String resource() {
        if (bucket == null) {
            return "this cluster";
        }
        return key.isEmpty() ? bucket.name().name() : bucket.name().name() + "/" + key;
    }
}
