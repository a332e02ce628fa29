package io.forebay.protocol.sigv4;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The keys derived lately: four MACs are saved for every request after a day's first.
///
/// Only keys that verified a request are kept, so nobody without a secret can fill the cache.
final class SigningKeys {
    private record Entry(String secretKey, SigningKey key) {}

    private final int maxKeys;
    private final ConcurrentHashMap<CredentialScope, Entry> keys = new ConcurrentHashMap<>();

    SigningKeys(int maxKeys) {
        this.maxKeys = maxKeys;
    }

    int count() {
        return keys.size();
    }

    /// The cached or newly derived key; a secret that changed since makes a new one.
    SigningKey key(String secretKey, CredentialScope scope) {
        @Nullable Entry entry = keys.get(scope);
        return entry != null && entry.secretKey.equals(secretKey) ? entry.key : SigningKey.derive(secretKey, scope);
    }

    void keep(String secretKey, CredentialScope scope, SigningKey key) {
        @Nullable Entry entry = keys.get(scope);
        if (entry != null && entry.key == key) {
            return;
        }
        if (keys.size() >= maxKeys) {
            keys.clear();
        }
        keys.put(scope, new Entry(secretKey, key));
    }
}
