package io.forebay.common.lifecycle;

/// Something that runs: started once, closed once. Closing waits until its threads have ended and keeps no work
/// half done.
public interface Service extends AutoCloseable {
    /// Returns when the service serves. Throws StoreException when it cannot start, leaving nothing running.
    void start();

    @Override
    void close();
}
