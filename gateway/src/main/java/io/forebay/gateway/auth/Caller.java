package io.forebay.gateway.auth;

import io.forebay.cluster.state.User;
import java.util.Set;
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
    /// @param policy narrows what they allow, as JSON; null when they allow what the user may
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

    /// Whether it is one who may do everything, unless a session narrows that.
    public boolean isAdministrator() {
        return kind == Kind.ROOT || kind == Kind.ADMINISTRATOR;
    }

    /// Whether no permission is asked for.
    public boolean isUnlimited() {
        return isAdministrator() && limit() == null;
    }

    /// What narrows everything that the caller may do, as JSON, or null.
    @Nullable
    String limit() {
        Session known = session;
        return known == null ? null : known.policy();
    }

    /// Everything that policies may call the caller; nothing of who proved nothing.
    Set<String> principals() {
        if (isAnonymous()) {
            return Set.of();
        }
        Set<String> principals = account.principals();
        Session known = session;
        if (known != null) {
            principals.add("arn:aws:sts:::assumed-role/" + name() + "/" + known.name());
        }
        return principals;
    }

    /// The id that policies know the caller by: of a session with its name behind it.
    String userId() {
        Session known = session;
        return known == null ? account.id() : account.id() + ":" + known.name();
    }

    public boolean isAnonymous() {
        return kind == Kind.ANONYMOUS;
    }
}
