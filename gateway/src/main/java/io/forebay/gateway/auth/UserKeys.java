package io.forebay.gateway.auth;

import io.forebay.cluster.state.User;
import io.forebay.common.error.Check;
import io.forebay.protocol.sigv4.Credentials;
import java.security.SecureRandom;

/// Pairs of keys: made, held to the rules for those that people choose, and sealed for the cluster state.
public final class UserKeys {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final SecretSeal seal;

    public UserKeys(SecretSeal seal) {
        this.seal = seal;
    }

    /// New ones, as S3's look: 20 and 40 characters.
    public static Credentials make(SecureRandom random) {
        return new Credentials(letters(20, LETTERS, random), letters(40, MIXED, random));
    }

    /// Throws INVALID_ARGUMENT, with these names, for keys that cannot be any.
    public static Credentials checked(String accessKey, String accessName, String secretKey, String secretName) {
        Check.argument(
                accessKey.matches("[A-Za-z0-9._-]{3,128}"),
                "%s has 3 to 128 letters, digits, '.', '_' or '-'",
                accessName);
        Check.argument(
                secretKey.length() >= 8 && secretKey.length() <= 128 && secretKey.matches("[!-~]+"),
                "%s has 8 to 128 characters of ASCII, without spaces",
                secretName);
        return new Credentials(accessKey, secretKey);
    }

    /// As the cluster state has it.
    public User.AccessKey sealed(Credentials keys, String userId, long createdMillis) {
        return new User.AccessKey(
                keys.accessKey(), seal.seal(keys.secretKey(), context(userId, keys.accessKey())), createdMillis);
    }

    /// The secret of a key. Throws CORRUPT when this gateway cannot read it.
    public String secret(User.AccessKey key, String userId) {
        return seal.open(key.sealedSecret(), context(userId, key.id()));
    }

    private static String context(String userId, String accessKey) {
        return userId + "\n" + accessKey;
    }

    private static String letters(int count, String alphabet, SecureRandom random) {
        StringBuilder text = new StringBuilder(count);
        for (int index = 0; index < count; index++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
