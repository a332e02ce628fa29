package io.forebay.gateway.auth;

import io.forebay.cluster.state.User;

/// Who makes a request.
///
/// @param account which user it is
/// @param kind what that lets the caller do at all
public record Caller(Account account, Kind kind) {
    public static final Caller ROOT = new Caller(Account.ROOT, Kind.ROOT);
    public static final Caller ANONYMOUS = new Caller(Account.ANONYMOUS, Kind.ANONYMOUS);

    public enum Kind {
        /// May do everything.
        ROOT,
        /// A user who may do everything.
        ADMINISTRATOR,
        /// A user who may do what the permissions say.
        USER,
        /// Proved nothing.
        ANONYMOUS
    }

    static Caller of(User user) {
        return new Caller(Account.of(user.id(), user.name()), user.administrator() ? Kind.ADMINISTRATOR : Kind.USER);
    }

    /// In listings of owners and in the access log.
    public String name() {
        return account.name();
    }

    /// Whether no permission is asked for.
    public boolean isAdministrator() {
        return kind == Kind.ROOT || kind == Kind.ADMINISTRATOR;
    }

    public boolean isAnonymous() {
        return kind == Kind.ANONYMOUS;
    }
}
