package io.forebay.gateway.auth.policy;

import java.util.Set;

/// Whom a statement speaks of.
///
/// @param everyone whether it is everyone, anonymous callers as well
/// @param names ids, names and ARNs otherwise
/// @param negated whether it is everyone but those
record Principals(boolean everyone, Set<String> names, boolean negated) {
    /// Of policies that belong to a user or a session, who is therefore meant.
    static final Principals HOLDER = new Principals(true, Set.of(), false);

    boolean include(Set<String> principals) {
        return (everyone || isNamed(principals)) != negated;
    }

    private boolean isNamed(Set<String> principals) {
        for (String principal : principals) {
            if (names.contains(principal)) {
                return true;
            }
        }
        return false;
    }
}
