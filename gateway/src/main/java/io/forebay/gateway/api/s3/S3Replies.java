package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import java.nio.ByteBuffer;

/// The plain shapes of answers.
final class S3Replies {
    private S3Replies() {}

    static Reply xml(int status, XmlWriter document) {
        return xml(status, new Headers(), document);
    }

    static Reply xml(int status, Headers headers, XmlWriter document) {
        headers.add("Content-Type", "application/xml");
        return new Reply(status, headers, new Payload.Memory(ByteBuffer.wrap(document.bytes())));
    }

    static Reply empty(int status) {
        return new Reply(status, new Headers(), Payload.none());
    }
}
