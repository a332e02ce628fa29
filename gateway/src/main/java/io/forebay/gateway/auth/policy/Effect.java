package io.forebay.gateway.auth.policy;

/// What a statement does with the requests that it speaks of.
enum Effect {
    ALLOW,
    DENY
}
