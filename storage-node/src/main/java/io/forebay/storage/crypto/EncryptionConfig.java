package io.forebay.storage.crypto;

import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings of encryption, the same at every storage node.
public record EncryptionConfig(
        @Setting(
                "Names of the keys that clients may have objects encrypted by (`aws:kms`), each derived from the master key:"
                        + " as long as a name is not here, the objects encrypted by it cannot be read.")
        List<String> keys,

        @Setting("Which of the keys is taken for `aws:kms` when none is named; without it such requests are refused.")
        @Nullable
        String defaultKey) {
    public EncryptionConfig {
        keys = List.copyOf(keys);
        Check.argument(
                defaultKey == null || keys.contains(defaultKey), "default-key \"%s\" is not one of keys", defaultKey);
    }

    /// Without any named key.
    public static EncryptionConfig none() {
        return new EncryptionConfig(List.of(), null);
    }
}
