package io.forebay.common.time;

/// A monotonic source of nanoseconds for measuring how long something took.
@FunctionalInterface
public interface Ticker {
    Ticker SYSTEM = System::nanoTime;

    /// Nanoseconds since an arbitrary origin.
    long nanos();
}
