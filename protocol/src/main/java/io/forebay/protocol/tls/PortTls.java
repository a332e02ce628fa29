package io.forebay.protocol.tls;

import org.jspecify.annotations.Nullable;

/// What of TLS is spoken at a port that nodes and clients share.
///
/// @param nodes with other nodes of the cluster, or null when they speak plain HTTP
/// @param clients with clients, or null when they speak plain HTTP
public record PortTls(@Nullable NodeTls nodes, @Nullable ClientTls clients) {
    /// Plain HTTP for everyone.
    public static final PortTls NONE = new PortTls(null, null);

    public boolean isOn() {
        return nodes != null || clients != null;
    }
}
