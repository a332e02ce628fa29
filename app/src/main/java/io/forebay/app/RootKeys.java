package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.protocol.sigv4.Credentials;
import java.io.IOException;
import java.io.StringReader;
import java.security.SecureRandom;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The keys of the root user.
///
/// @param made whether they were made just now: then they are shown once
record RootKeys(String accessKey, Secret secretKey, boolean made) {
    private static final String FILE = "root-keys.properties";

    /// The keys that were given, else those of the data folder, else new ones that the folder then keeps. Throws
    /// INVALID_ARGUMENT when only one of two keys was given, or an unusable one.
    static RootKeys of(GivenKeys given, DataFolder folder) {
        if (given.accessKey() != null || given.secretKey() != null) {
            return checked(given.accessKey(), given.secretKey());
        }
        String text = folder.read(FILE);
        return text == null ? make(folder) : read(text, folder);
    }

    private static RootKeys checked(@Nullable String accessKey, @Nullable String secretKey) {
        if (accessKey == null || secretKey == null) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "set both FOREBAY_ROOT_ACCESS_KEY and FOREBAY_ROOT_SECRET_KEY, or neither");
        }
        UserKeys.checked(accessKey, "FOREBAY_ROOT_ACCESS_KEY", secretKey, "FOREBAY_ROOT_SECRET_KEY");
        return new RootKeys(accessKey, new Secret(secretKey), false);
    }

    private static RootKeys read(String text, DataFolder folder) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException(ErrorCode.CORRUPT, folder.file(FILE) + " cannot be read: " + e.getMessage(), e);
        }
        String accessKey = properties.getProperty("access-key");
        String secretKey = properties.getProperty("secret-key");
        if (accessKey == null || secretKey == null) {
            throw new StoreException(ErrorCode.CORRUPT, folder.file(FILE) + " has no access-key and secret-key");
        }
        return new RootKeys(accessKey, new Secret(secretKey), false);
    }

    private static RootKeys make(DataFolder folder) {
        Credentials made = UserKeys.make(new SecureRandom());
        folder.writePrivately(FILE, "access-key=" + made.accessKey() + "\nsecret-key=" + made.secretKey() + "\n");
        return new RootKeys(made.accessKey(), new Secret(made.secretKey()), true);
    }
}
