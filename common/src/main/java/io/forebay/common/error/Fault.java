package io.forebay.common.error;

/// Whose fault a failure is: what decides how it is answered, logged and counted.
public enum Fault {
    /// The request is wrong and will be wrong again.
    CALLER,
    /// The request met a state that it excludes.
    CONFLICT,
    /// What the request names does not exist.
    ABSENT,
    /// A limit is reached; later may succeed.
    OVERLOAD,
    /// The request reached a node that cannot answer it under the current map.
    ROUTING,
    /// A disk or its contents failed.
    STORAGE,
    /// A remote bucket's store failed.
    BACKEND,
    /// Forebay itself is wrong.
    BUG
}
