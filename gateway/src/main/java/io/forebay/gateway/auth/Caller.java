package io.forebay.gateway.auth;

import io.forebay.cluster.state.User;
import org.jspecify.annotations.Nullable;

/// Who makes a request.
///
/// @param account which user it is
/// @param kind what that lets the caller do at all
/// @param accessKey by which the caller is known, of a session that of who made it; empty when it is by none
/// @param session where the caller came with temporary credentials, else null
public record Caller(
        Account account,
        Kind kind,
        String accessKey,
        @Nullable Session session) {
    /// Root, where nobody has to prove it.
    public static final Caller ROOT = new Caller(Account.ROOT, Kind.ROOT, "", null);

    public static final Caller ANONYMOUS = new Caller(Account.ANONYMOUS, Kind.ANONYMOUS, "", null);

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

    /// What temporary credentials say beside whose they are.
    ///
    /// @param name given by who made them
    /// @param policy narrows what they allow, as JSON; null when they allow what the user may, as all do yet
    public record Session(String name, @Nullable String policy) {}

    static Caller of(User user, String accessKey) {
        return new Caller(
                Account.of(user.id(), user.name()),
                user.administrator() ? Kind.ADMINISTRATOR : Kind.USER,
                accessKey,
                null);
    }

    Caller in(Session next) {
        return new Caller(account, kind, accessKey, next);
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
