package io.forebay.protocol.api;

import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;

/// Reads the message that a node answered, or the failure that it means.
public final class NodeReply {
    private NodeReply() {}

    /// The bytes of a success; the payload is closed. Throws the failure that another reply means
    /// (`NodeErrors.read`), and TOO_LARGE when there are more than `maxBytes`.
    public static byte[] read(Reply reply, int maxBytes) {
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            return payload.readAll(maxBytes);
        }
    }

    /// The JSON message of a success. Throws as above, and what `WireJson.read` does.
    public static <T> T read(Reply reply, Class<T> type, int maxBytes) {
        return WireJson.read(read(reply, maxBytes), type);
    }
}
