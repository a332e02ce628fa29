package io.forebay.protocol.client;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;

/// How a gateway reaches a storage node: by a direct call in the same process, by HTTP in another.
///
/// The one seam between the two roles.
@FunctionalInterface
public interface NodeChannel {
    /// Sends a request on behalf of another and returns the node's reply, whatever its status. The reply's
    /// payload streams and belongs to the caller. Returns `Reply.WOULD_WAIT` when the outer exchange may not wait
    /// and the answer would have to; the outer handler may then be called again for it (`Exchange.ask`). Throws
    /// NODE_UNAVAILABLE when the node is unknown or cannot be reached, DEADLINE_EXCEEDED when it is too slow.
    Reply call(Exchange outer, NodeId node, Request request, Body body);
}
