package io.forebay.gateway.api.cluster;

/// The text of this process's current log.
@FunctionalInterface
public interface GatewayLog {
    /// The log from that byte offset on, or its end where that is too much; empty when there is none. UTF-8.
    byte[] read(long offset);
}
