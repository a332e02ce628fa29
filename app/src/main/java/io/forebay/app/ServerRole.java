package io.forebay.app;

import java.util.Locale;

/// What a process is in its cluster: decided at the first start of its data folder, and kept by it.
public enum ServerRole {
    /// A gateway with storage nodes beside it: a whole cluster, or a part of one.
    SERVER("a server (forebay server)"),
    /// A gateway alone.
    GATEWAY("a gateway (forebay gateway)"),
    /// One storage node, which gets the cluster's state from gateways.
    STORAGE_NODE("a storage node (forebay storage-node)");

    private final String words;

    ServerRole(String words) {
        this.words = words;
    }

    /// As the folder keeps it and the command line says it: `storage-node`.
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// For sentences: `a gateway (forebay gateway)`.
    String words() {
        return words;
    }

    boolean hasGateway() {
        return this != STORAGE_NODE;
    }

    boolean hasStorageNodes() {
        return this != GATEWAY;
    }
}
