package io.forebay.app;

import org.jspecify.annotations.Nullable;

/// Secrets from the environment, each of which may be missing: the root user's keys, and the token of a cluster.
public record GivenKeys(
        @Nullable String accessKey,
        @Nullable String secretKey,
        @Nullable String token) {
    public static final GivenKeys NONE = new GivenKeys(null, null);

    /// Keys of the root user, without a token.
    public GivenKeys(@Nullable String accessKey, @Nullable String secretKey) {
        this(accessKey, secretKey, null);
    }

    @Override
    public String toString() {
        return "GivenKeys[***]";
    }
}
