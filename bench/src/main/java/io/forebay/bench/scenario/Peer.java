package io.forebay.bench.scenario;

import java.net.InetSocketAddress;

/// A server under load.
public interface Peer extends AutoCloseable {
    InetSocketAddress address();

    /// Processor time so far, of all its processes.
    long cpuNanos();

    @Override
    void close();
}
