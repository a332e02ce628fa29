package io.forebay.gateway.api.cluster;

import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Reply;

/// JSON replies as AIStore writes them.
final class Json {
    private static final String CONTENT_TYPE = "application/json; charset=utf-8";

    private Json() {}

    static Reply reply(Object value) {
        return Reply.of(200, CONTENT_TYPE, WireJson.line(value));
    }
}
