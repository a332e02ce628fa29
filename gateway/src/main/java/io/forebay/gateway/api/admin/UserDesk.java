package io.forebay.gateway.api.admin;

import io.forebay.cluster.state.User;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.gateway.auth.UserToken;
import io.forebay.gateway.core.Users;
import io.forebay.protocol.api.UserCredentials;
import io.forebay.protocol.api.UserInfo;
import io.forebay.protocol.api.UserList;
import io.forebay.protocol.sigv4.Credentials;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Where users are added, changed and removed: makes their ids and keys, and shows a secret once, to who asked.
public final class UserDesk {
    private static final Logger LOG = Logger.getLogger(UserDesk.class.getName());
    private static final int ID_BYTES = 16;

    private final Users users;
    private final UserKeys keys;
    private final Authorizer authorizer;
    private final SecureRandom random;

    /// @param authorizer knows which keys are taken
    public UserDesk(Users users, UserKeys keys, Authorizer authorizer, SecureRandom random) {
        this.users = users;
        this.keys = keys;
        this.authorizer = authorizer;
        this.random = random;
    }

    /// Every user, by name, without secrets.
    UserList list() {
        return new UserList(users.list().stream().map(UserDesk::info).toList());
    }

    /// A new user, with the keys that were chosen or new ones. Throws INVALID_ARGUMENT, ALREADY_EXISTS, NO_SPACE.
    UserCredentials add(String name, boolean administrator, @Nullable Credentials chosen) {
        User.checkName(name);
        Credentials given = given(chosen);
        String id = newId();
        long now = users.nowMillis();
        users.add(new User(name, id, now, administrator, true, List.of(keys.sealed(given, id, now))));
        LOG.log(Level.INFO, "user {0} was added, access key {1}", new Object[] {name, given.accessKey()});
        return shown(name, id, given);
    }

    /// New keys for a user; the newest of those before go on working unless all are to be forgotten. Throws
    /// NO_SUCH_USER, INVALID_ARGUMENT, ALREADY_EXISTS.
    UserCredentials rotate(String name, @Nullable Credentials chosen, boolean forgetAll) {
        User user = users.require(name);
        Credentials given = given(chosen);
        users.addKey(name, keys.sealed(given, user.id(), users.nowMillis()), forgetAll ? 0 : User.MAX_KEYS - 1);
        LOG.log(Level.INFO, "user {0} got new keys, access key {1}", new Object[] {name, given.accessKey()});
        return shown(name, user.id(), given);
    }

    /// Throws NO_SUCH_USER.
    void enable(String name, boolean enabled) {
        users.require(name);
        users.enable(name, enabled);
        LOG.log(Level.INFO, "user {0} was {1}", new Object[] {name, enabled ? "enabled" : "disabled"});
    }

    /// Throws NO_SUCH_USER, and unless forced IN_USE while the user owns buckets.
    void remove(String name, boolean force) {
        users.require(name);
        users.remove(name, force);
        LOG.log(Level.INFO, "user {0} was removed", name);
    }

    /// Makes sure that there is a user with those keys, whether there was one before or not. Throws INVALID_ARGUMENT,
    /// ALREADY_EXISTS, NO_SPACE.
    public void ensure(String name, boolean administrator, Credentials wanted) {
        User user = users.find(name);
        if (user == null) {
            add(name, administrator, wanted);
            return;
        }
        Check.argument(
                user.administrator() == administrator,
                "user \"%s\" is %s administrator already: remove the user first to change that",
                name,
                user.administrator() ? "an" : "no");
        if (!has(user, wanted)) {
            rotate(name, wanted, true);
        }
    }

    private boolean has(User user, Credentials wanted) {
        for (User.AccessKey key : user.keys()) {
            if (key.id().equals(wanted.accessKey())) {
                return keys.secret(key, user.id()).equals(wanted.secretKey());
            }
        }
        return false;
    }

    private Credentials given(@Nullable Credentials chosen) {
        if (chosen == null) {
            return UserKeys.make(random);
        }
        if (authorizer.hasKey(chosen.accessKey())) {
            throw new StoreException(
                    ErrorCode.ALREADY_EXISTS, "access key " + chosen.accessKey() + " is in use: choose another one");
        }
        return chosen;
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static UserCredentials shown(String name, String id, Credentials given) {
        return new UserCredentials(
                name, Account.of(id, name).canonicalId(), given.accessKey(), given.secretKey(), UserToken.of(given));
    }

    private static UserInfo info(User user) {
        return new UserInfo(
                user.name(),
                Account.of(user.id(), user.name()).canonicalId(),
                user.administrator(),
                user.enabled(),
                user.createdMillis(),
                user.keys().stream()
                        .map(key -> new UserInfo.Key(key.id(), key.createdMillis()))
                        .toList());
    }
}
