package io.forebay.cluster.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules by which commands change users.
final class UserTable {
    private UserTable() {}

    /// What of a new user is another's already, in words; empty when nothing is.
    static String taken(Map<String, User> users, User user) {
        if (users.containsKey(user.name())) {
            return "user \"" + user.name() + "\" already exists";
        }
        for (User.AccessKey key : user.keys()) {
            if (holder(users, key.id()) != null) {
                return "access key " + key.id() + " is in use";
            }
        }
        return "";
    }

    /// The user who has that key, or null.
    static @Nullable User holder(Map<String, User> users, String keyId) {
        for (User user : users.values()) {
            for (User.AccessKey key : user.keys()) {
                if (key.id().equals(keyId)) {
                    return user;
                }
            }
        }
        return null;
    }

    /// The user with a further key, and so many of those before as are kept and a user may have.
    static User withKey(User user, User.AccessKey key, int kept) {
        int former = Math.clamp(kept, 0, Math.min(User.MAX_KEYS - 1, user.keys().size()));
        List<User.AccessKey> keys = new ArrayList<>(List.of(key));
        keys.addAll(user.keys().subList(0, former));
        return user.withKeys(keys);
    }

    /// Why a user cannot be removed.
    static String owns(String name, List<Bucket> owned) {
        return "user \"" + name + "\" owns " + owned.size() + (owned.size() == 1 ? " bucket" : " buckets")
                + ", such as " + owned.getFirst().name() + ": remove them first, or force it, which makes them root's";
    }
}
