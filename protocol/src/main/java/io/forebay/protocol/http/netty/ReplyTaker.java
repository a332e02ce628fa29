package io.forebay.protocol.http.netty;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Reply;

/// Who is told of the reply to one request, by the event loop of the connection that the request went over.
interface ReplyTaker {
    /// Whether the request is HEAD, whose reply has no body.
    boolean forHead();

    /// The server asks for the body.
    void tell();

    /// The reply is there, and is the taker's.
    void answer(Reply reply);

    /// No reply will come. Counts only before there is one.
    void fail(StoreException cause);
}
