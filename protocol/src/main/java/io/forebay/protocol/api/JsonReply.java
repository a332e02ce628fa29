package io.forebay.protocol.api;

import io.forebay.protocol.http.Reply;

/// Replies whose message is JSON, as AIStore's servers send them.
public final class JsonReply {
    /// The media type.
    public static final String TYPE = "application/json; charset=utf-8";

    private JsonReply() {}

    /// A value with status 200.
    public static Reply of(Object value) {
        return of(200, value);
    }

    /// A value with that status.
    public static Reply of(int status, Object value) {
        return Reply.of(status, TYPE, WireJson.line(value));
    }
}
