package io.forebay.gateway.auth;

import io.forebay.gateway.auth.policy.Policy;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The policies by which sessions are narrowed, each read once while it is in use.
final class SessionPolicies {
    private static final int MAX_KEPT = 1000;

    private final ConcurrentHashMap<String, Policy> kept = new ConcurrentHashMap<>();

    /// What narrows what a caller may do, or null.
    @Nullable
    Policy of(Caller caller) {
        String text = caller.limit();
        if (text == null) {
            return null;
        }
        Policy known = kept.get(text);
        if (known != null) {
            return known;
        }
        Policy policy = Policy.ofHolder(text);
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(text, policy);
        return policy;
    }
}
