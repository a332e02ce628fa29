package io.forebay.gateway.api.admin;

import io.forebay.common.error.Check;
import io.forebay.protocol.http.Exchange;

/// A message to the face of administrators.
final class JsonMessage {
    private JsonMessage() {}

    /// Its bytes. One that a web page could send from anywhere is refused: throws INVALID_ARGUMENT when it does not say
    /// that it is JSON, TOO_LARGE beyond that many bytes.
    static byte[] read(Exchange exchange, int maxBytes) {
        String type = exchange.request().headers().find("Content-Type", "");
        Check.argument(type.startsWith("application/json"), "the message must be application/json, not \"%s\"", type);
        return exchange.body().readAll(maxBytes);
    }
}
