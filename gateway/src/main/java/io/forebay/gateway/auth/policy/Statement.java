package io.forebay.gateway.auth.policy;

import java.util.List;

/// One statement of a policy: it applies where everything that it says does.
record Statement(
        Effect effect, Principals principals, PatternList actions, PatternList resources, List<Condition> conditions) {

    boolean applies(PolicyRequest request) {
        return principals.include(request.principals())
                && concerns(request.action(), request.context())
                && resources.includes(request.resource(), request.context(), effect)
                && conditionsHold(request.context());
    }

    private boolean conditionsHold(RequestContext context) {
        for (Condition condition : conditions) {
            if (!condition.holds(context)) {
                return false;
            }
        }
        return true;
    }

    private boolean concerns(String action, RequestContext context) {
        return actions.includes(action, context, effect);
    }

    /// Whether a request for the action can depend on the tags that an object has.
    boolean readsTags(String action) {
        for (Condition condition : conditions) {
            if (condition.key().startsWith(ConditionKeys.EXISTING_TAG)) {
                return concerns(action, key -> List.of());
            }
        }
        return false;
    }

    /// Whether it gives anything to everyone (Amazon S3, "The meaning of public").
    boolean isPublic() {
        return effect == Effect.ALLOW
                && (principals.everyone() || principals.negated())
                && conditions.stream().noneMatch(Condition::narrows);
    }
}
