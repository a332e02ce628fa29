package io.forebay.gateway;

import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.Identity;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.PolicySignature;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Serves a face below a path that the face knows nothing of, such as S3 below `/s3`.
///
/// What the client signed is what it sent: the caller is identified by the original request.
final class PathPrefix {
    private PathPrefix() {}

    /// Whether a request target is that path or below it.
    static boolean isBelow(String target, String prefix) {
        if (!target.startsWith(prefix)) {
            return false;
        }
        int end = prefix.length();
        return target.length() == end || target.charAt(end) == '/' || target.charAt(end) == '?';
    }

    /// A face made with an authorizer that sees the original requests, behind a handler that takes the prefix off.
    static Handler strip(String prefix, Function<Authorizer, Handler> face, Authorizer authorizer) {
        Handler inner = face.apply(new Authorizer() {
            @Override
            public Identity identify(Request request, Query query) {
                return authorizer.identify(
                        new Request(request.method(), original(prefix, request), request.headers()), query);
            }

            @Override
            public Identity identifyTokenRequest(Request request, Query query, String bodySha256) {
                return authorizer.identifyTokenRequest(
                        new Request(request.method(), original(prefix, request), request.headers()), query, bodySha256);
            }

            @Override
            public boolean hasKey(String accessKey) {
                return authorizer.hasKey(accessKey);
            }

            @Override
            public Identity identifyForm(@Nullable PolicySignature signature) {
                return authorizer.identifyForm(signature);
            }
        });
        return exchange -> inner.handle(within(prefix, exchange));
    }

    private static Exchange within(String prefix, Exchange exchange) {
        Request request = exchange.request();
        String rest = request.target().substring(prefix.length());
        String target = rest.startsWith("/") ? rest : "/" + rest;
        return DirectExchange.within(
                exchange, new Request(request.method(), target, request.headers()), exchange.body());
    }

    private static String original(String prefix, Request request) {
        return prefix + request.target();
    }
}
