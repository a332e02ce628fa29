package io.forebay.gateway.auth;

/// What is known of whether a caller may do something, before the object that it is done to was looked at.
public enum Verdict {
    ALLOWED,
    DENIED,
    /// What the object itself has decides: its access control list, its owner, its tags.
    BY_OBJECT
}
