package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Query;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.peer.View;

/// A request about one object that this node owns, under the state that holds for the whole of it.
record ObjectRequest(Exchange exchange, Query query, ObjectKey key, Bucket bucket, View view) {
    /// The same request about another object or version.
    ObjectRequest of(ObjectKey meant) {
        return meant.equals(key) ? this : new ObjectRequest(exchange, query, meant, bucket, view);
    }

    ClusterState state() {
        return view.state();
    }

    Headers headers() {
        return exchange.request().headers();
    }

    Waiting waiting() {
        return Waiting.when(exchange.mayWait());
    }

    /// Whether a face asks, which has more to say and wants to know more than AIStore's API offers.
    boolean extended() {
        return isExtended(exchange);
    }

    static boolean isExtended(Exchange exchange) {
        return "1".equals(exchange.request().headers().find(NodeHeaders.ATTRIBUTES));
    }
}
