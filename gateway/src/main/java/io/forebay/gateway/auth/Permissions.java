package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Who may do what: the one place that decides it, for every face.
///
/// Answers from memory on any thread. Root and administrators may do everything, owners everything with their buckets;
/// every user may create buckets and list them. Nobody else may do anything.
public final class Permissions {
    private final UserDirectory users;
    private final Map<Action, LongAdder> denied = new EnumMap<>(Action.class);

    public Permissions(UserDirectory users, Metrics metrics) {
        this.users = users;
        for (Action action : Action.values()) {
            denied.put(action, metrics.counter(AuthMetric.DENIED, "action=\"" + action.text() + "\""));
        }
    }

    /// Whether the caller may do it. Of a bucket that does not exist users are told so, and nobody else.
    public boolean allows(Ask ask) {
        Caller caller = ask.caller();
        if (caller.isAdministrator()) {
            return true;
        }
        if (caller.isAnonymous() || ask.action() == Action.ADMINISTER) {
            return false;
        }
        Bucket bucket = ask.bucket();
        return bucket == null || bucket.owner().equals(caller.account().id());
    }

    /// Throws FORBIDDEN when the caller may not do it.
    public void check(Ask ask) {
        if (!allows(ask)) {
            LongAdder counter = denied.get(ask.action());
            if (counter != null) {
                counter.increment();
            }
            throw new StoreException(
                    ErrorCode.FORBIDDEN,
                    "Access Denied: user " + ask.caller().name() + " may not do "
                            + ask.action().text() + " with " + ask.resource());
        }
    }

    /// Whose bucket it is.
    public Account ownerOf(Bucket bucket) {
        return users.ownerOf(bucket);
    }
}
