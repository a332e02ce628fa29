package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.User;
import io.forebay.cluster.watch.StateWatch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The users of the newest cluster state, found by what requests name them by.
///
/// Made anew when a command changed a user, and kept as it is otherwise: to find a user is two volatile reads and a
/// look
/// into a hash map.
public final class UserDirectory {
    private final StateWatch watch;
    private volatile Index index = new Index(Map.of());

    public UserDirectory(StateWatch watch) {
        this.watch = watch;
    }

    /// A user's pair of keys, with who that is.
    static final class Holder {
        private final Caller caller;
        private final User.AccessKey key;
        private final boolean enabled;
        private volatile @Nullable String secret;

        private Holder(Caller caller, User.AccessKey key, boolean enabled) {
            this.caller = caller;
            this.key = key;
            this.enabled = enabled;
        }

        Caller caller() {
            return caller;
        }

        /// Whether the keys are accepted.
        boolean enabled() {
            return enabled;
        }

        /// The secret, decrypted once. Throws CORRUPT.
        String secret(UserKeys keys) {
            String known = secret;
            if (known == null) {
                known = keys.secret(key, caller.account().id());
                secret = known;
            }
            return known;
        }
    }

    private static final class Index {
        private final Map<String, User> users;
        private final Map<String, Holder> byKey = new HashMap<>();
        private final Map<String, Account> byId = new HashMap<>();
        private final Map<String, Account> byCanonicalId = new HashMap<>();

        Index(Map<String, User> users) {
            this.users = users;
            for (User user : users.values()) {
                Account account = Account.of(user.id(), user.name());
                byId.put(user.id(), account);
                byCanonicalId.put(account.canonicalId(), account);
                for (User.AccessKey key : user.keys()) {
                    byKey.put(key.id(), new Holder(Caller.of(user, key.id()), key, user.enabled()));
                }
            }
        }
    }

    /// Who has an access key, or null.
    @Nullable
    Holder find(String accessKey) {
        return index().byKey.get(accessKey);
    }

    /// Whose bucket it is.
    public Account ownerOf(Bucket bucket) {
        return account(bucket.owner());
    }

    /// The user of an id; one who is no longer there has the id for a name.
    Account account(String id) {
        if (id.equals(User.ROOT)) {
            return Account.ROOT;
        }
        @Nullable Account known = index().byId.get(id);
        return known == null ? Account.of(id, id) : known;
    }

    /// The user of a canonical id or of the cluster's own, or null.
    @Nullable
    Account findAccount(String text) {
        if (text.equals(Account.ROOT.id()) || text.equals(Account.ROOT.canonicalId())) {
            return Account.ROOT;
        }
        Index known = index();
        Account byId = known.byId.get(text);
        return byId == null ? known.byCanonicalId.get(text) : byId;
    }

    public int size() {
        return index().users.size();
    }

    @SuppressWarnings("ReferenceEquality") // A map that no command changed is the same one.
    private Index index() {
        Map<String, User> users = watch.current().users();
        Index known = index;
        if (known.users == users) {
            return known;
        }
        Index made = new Index(users);
        index = made;
        return made;
    }
}
