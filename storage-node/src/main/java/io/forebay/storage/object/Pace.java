package io.forebay.storage.object;

/// Is told of every piece of work in the background that costs I/O, and may make it wait.
@FunctionalInterface
public interface Pace {
    /// As fast as it goes.
    Pace UNBOUND = bytes -> true;

    /// So many bytes were read; returns when more may be. False when the work is to be given up.
    boolean spent(long bytes);
}
