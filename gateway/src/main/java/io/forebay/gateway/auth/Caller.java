package io.forebay.gateway.auth;

/// Who makes a request.
///
/// @param name the user's name, in listings of owners and in the access log
/// @param kind what the user may do
public record Caller(String name, Kind kind) {
    public static final Caller ANONYMOUS = new Caller("anonymous", Kind.ANONYMOUS);

    public enum Kind {
        /// May do everything.
        ROOT,
        /// Proved nothing: may do nothing.
        ANONYMOUS
    }

    public boolean isRoot() {
        return kind == Kind.ROOT;
    }
}
