package io.forebay.storage.object;

/// Whether a read may wait for a disk or a lock.
public enum Waiting {
    ALLOWED,
    /// The caller is an event loop: what is not in memory answers `ReadOutcome.WouldWait`.
    FORBIDDEN;

    public static Waiting when(boolean mayWait) {
        return mayWait ? ALLOWED : FORBIDDEN;
    }
}
