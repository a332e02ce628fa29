package io.forebay.app;

import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;

/// Passes questions about the cluster map, in AIStore's form, on to a gateway, as a node and with the proof of the
/// client
/// who asks: a storage node alone does not know that form.
final class MapQuestions implements Handler {
    private final StateWatch watch;
    private final HttpClient http;
    private final Secret secret;
    private final NodeErrors errors;

    MapQuestions(StateWatch watch, HttpClient http, Secret secret, NodeId self) {
        this.secret = secret;
        this.watch = watch;
        this.http = http;
        this.errors = new NodeErrors("t[" + self + "]");
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (exchange.request().method() != Method.GET) {
            return NodeErrors.methodNotAllowed(exchange.request().method(), "GET");
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        StoreException failure = new StoreException(ErrorCode.NODE_UNAVAILABLE, "the cluster map has no gateway");
        for (Node node : watch.current().nodes().values()) {
            if (node.role() == Node.Role.GATEWAY) {
                try {
                    return http.send(node.dataUrl(), question(exchange.request()), Body.empty());
                } catch (StoreException e) {
                    failure = e;
                }
            }
        }
        return errors.render(failure, exchange);
    }

    private Request question(Request request) {
        Headers headers = new Headers().add(NodeHeaders.NODE_SECRET, secret.value());
        String proof = request.headers().find("Authorization");
        if (proof != null) {
            headers.add("Authorization", proof);
        }
        return new Request(Method.GET, request.target(), headers);
    }
}
