package io.forebay.app;

import org.jspecify.annotations.Nullable;

/// Keys of the root user from the environment, each of which may be missing.
public record GivenKeys(
        @Nullable String accessKey, @Nullable String secretKey) {
    public static final GivenKeys NONE = new GivenKeys(null, null);

    @Override
    public String toString() {
        return "GivenKeys[***]";
    }
}
