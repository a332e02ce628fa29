package io.forebay.protocol.api;

import org.jspecify.annotations.Nullable;

/// What is to become of a user: the message of `POST /admin/users`. `add` and `rotate` are answered by
/// `UserCredentials`, the others by a `UserList`.
///
/// @param action `add`, `rotate`, `enable`, `disable` or `remove`
/// @param name the user's
/// @param administrator for `add`: whether the user may do everything
/// @param accessKey for `add` and `rotate`: the key that was chosen, or empty for a new one
/// @param secretKey its secret
/// @param force for `remove`: also when the user owns buckets; for `rotate`: no key before goes on working
public record UserOrder(
        String action, String name, boolean administrator, String accessKey, String secretKey, boolean force) {
    public UserOrder(
            @Nullable String action,
            @Nullable String name,
            boolean administrator,
            @Nullable String accessKey,
            @Nullable String secretKey,
            boolean force) {
        this.action = action == null ? "" : action;
        this.name = name == null ? "" : name;
        this.administrator = administrator;
        this.accessKey = accessKey == null ? "" : accessKey;
        this.secretKey = secretKey == null ? "" : secretKey;
        this.force = force;
    }

    @Override
    public String toString() {
        return "UserOrder[" + action + ", " + name + ", " + accessKey + ", ***]";
    }
}
