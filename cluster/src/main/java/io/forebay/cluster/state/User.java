package io.forebay.cluster.state;

import io.forebay.common.error.Check;
import java.util.List;

/// A user of the cluster. The root user is none of these: its keys are given to each gateway.
///
/// @param name what people call the user; unique, for ever the same
/// @param id never used again: a user of the same name made later has another one
/// @param createdMillis in milliseconds since the epoch, decided by the submitter
/// @param administrator whether the user may do everything
/// @param enabled whether the keys are accepted
/// @param keys newest first
public record User(
        String name, String id, long createdMillis, boolean administrator, boolean enabled, List<AccessKey> keys) {
    /// The id of the root user, who owns every bucket that names no owner.
    public static final String ROOT = "root";

    /// The most keys of one user: the newest, and the one that clients still use.
    public static final int MAX_KEYS = 2;

    private static final int MAX_NAME_CHARS = 64;

    /// One pair of keys.
    ///
    /// @param id names the pair; unique in the cluster
    /// @param sealedSecret the secret, encrypted by the submitter
    /// @param createdMillis in milliseconds since the epoch, decided by the submitter
    public record AccessKey(String id, String sealedSecret, long createdMillis) {
        @Override
        public String toString() {
            return "AccessKey[" + id + ", ***]";
        }
    }

    public User {
        keys = List.copyOf(keys);
    }

    /// Throws INVALID_ARGUMENT for a text that cannot name a user.
    public static void checkName(String name) {
        Check.argument(
                name.length() <= MAX_NAME_CHARS && name.matches("[A-Za-z0-9+=,.@_-]+"),
                "\"%s\" cannot name a user: a name has 1 to %s letters, digits and + = , . @ _ -",
                name,
                MAX_NAME_CHARS);
        Check.argument(
                !name.equalsIgnoreCase(ROOT) && !name.equalsIgnoreCase("anonymous"),
                "\"%s\" is no name for a user: it means another caller",
                name);
    }

    User withKeys(List<AccessKey> next) {
        return new User(name, id, createdMillis, administrator, enabled, next);
    }

    User withEnabled(boolean next) {
        return new User(name, id, createdMillis, administrator, next, keys);
    }
}
