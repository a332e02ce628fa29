package io.forebay.gateway.auth.policy;

import java.util.List;

/// The actions or resources that a statement speaks of.
///
/// @param negated whether it is all but those
record PatternList(List<TextPattern> patterns, boolean negated) {

    /// What a variable without a value leaves open is decided against the request.
    boolean includes(String value, RequestContext context, Effect effect) {
        boolean unknown = false;
        for (TextPattern pattern : patterns) {
            switch (pattern.match(value, context)) {
                case YES -> {
                    return !negated;
                }
                case NO -> {
                    // Another one may.
                }
                case UNKNOWN -> unknown = true;
            }
        }
        return negated && (!unknown || effect == Effect.DENY);
    }
}
