package io.forebay.gateway.core;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.User;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.routing.Router;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations on the users of the cluster. Those that change one wait for consensus: call them only where that may be.
public final class Users {
    private final Router router;
    private final ClusterControl control;
    private final int maxUsers;

    /// @param maxUsers how many there may be
    public Users(Router router, ClusterControl control, int maxUsers) {
        this.router = router;
        this.control = control;
        this.maxUsers = maxUsers;
    }

    /// By name.
    public List<User> list() {
        return router.snapshot().state().users().values().stream()
                .sorted(Comparator.comparing(User::name))
                .toList();
    }

    public @Nullable User find(String name) {
        return router.snapshot().state().users().get(name);
    }

    /// Throws NO_SUCH_USER.
    public User require(String name) {
        User user = find(name);
        if (user == null) {
            throw new StoreException(
                    ErrorCode.NO_SUCH_USER,
                    "there is no user \"" + name + "\": forebay user list shows those there are");
        }
        return user;
    }

    /// The time that users and keys are stamped with, in milliseconds since the epoch.
    public long nowMillis() {
        return control.nowMillis();
    }

    /// Throws ALREADY_EXISTS when the name or a key is another's, NO_SPACE when there are as many users as there may
    /// be.
    public void add(User user) {
        int count = router.snapshot().state().users().size();
        if (count >= maxUsers) {
            throw new StoreException(
                    ErrorCode.NO_SPACE, "there are " + count + " users, as many as gateway.auth.max-users allows");
        }
        control.change(new Command.AddUser(user));
    }

    /// Gives a user further keys and forgets those before but for so many. Throws NO_SUCH_USER, ALREADY_EXISTS.
    public void addKey(String name, User.AccessKey key, int kept) {
        control.change(new Command.AddUserKey(name, key, kept));
    }

    /// Throws NO_SUCH_USER.
    public void enable(String name, boolean enabled) {
        control.change(new Command.EnableUser(name, enabled));
    }

    /// Throws NO_SUCH_USER, and unless forced IN_USE while the user owns buckets.
    public void remove(String name, boolean force) {
        control.change(new Command.RemoveUser(name, force));
    }
}
