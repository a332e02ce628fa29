package io.forebay.protocol.api;

import io.forebay.common.config.Secret;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The cluster's secret, as the nodes of a cluster show it to each other.
public final class NodeSecret {
    private final byte[] secret;

    public NodeSecret(Secret secret) {
        this.secret = secret.value().getBytes(StandardCharsets.UTF_8);
    }

    /// Whether the request shows it. Takes the same time for every wrong one.
    public boolean isShownBy(Request request) {
        String given = request.headers().find(NodeHeaders.NODE_SECRET);
        return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.ISO_8859_1), secret);
    }
}
