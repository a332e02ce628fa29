package io.forebay.app;

import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import org.jspecify.annotations.Nullable;

/// Stands before a handler that is made after its port is bound: until `open`, every request is told to come back.
final class ReadyGate implements Handler {
    private volatile @Nullable Handler behind;

    void open(Handler handler) {
        behind = handler;
    }

    boolean isOpen() {
        return behind != null;
    }

    @Override
    public Reply handle(Exchange exchange) {
        Handler handler = behind;
        if (handler == null) {
            return Reply.text(503, "forebay is starting\n").with("Retry-After", "1");
        }
        return handler.handle(exchange);
    }
}
