package io.forebay.protocol.http.netty;

import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.PendingReply;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The one request that an exchange may send to another server from its event loop. Belongs to that loop.
final class Asking {
    private enum Phase {
        NONE,
        UNDER_WAY,
        /// The reply is there, and the handler is called again for it.
        ANSWERED,
        OVER
    }

    private Phase phase = Phase.NONE;
    private String url = "";
    private @Nullable Request request;
    private @Nullable PendingReply pending;

    /// See `Exchange.ask`; `answered` runs when the handler shall be called again.
    Reply ask(HttpClient client, String baseUrl, Request asked, Runnable answered) {
        switch (phase) {
            case NONE -> begin(client, baseUrl, asked, answered);
            case ANSWERED -> {
                if (isSame(baseUrl, asked)) {
                    phase = Phase.OVER;
                    return Objects.requireNonNull(pending).take();
                }
            }
            case UNDER_WAY, OVER -> {
                // One is all.
            }
        }
        return Reply.WOULD_WAIT;
    }

    private void begin(HttpClient client, String baseUrl, Request asked, Runnable answered) {
        phase = Phase.OVER;
        pending = client.begin(baseUrl, asked, answered);
        if (pending != null) {
            phase = Phase.UNDER_WAY;
            url = baseUrl;
            request = asked;
        }
    }

    /// Another state of the cluster, meanwhile, may lead the handler elsewhere.
    private boolean isSame(String baseUrl, Request asked) {
        Request first = Objects.requireNonNull(request);
        return url.equals(baseUrl)
                && first.method() == asked.method()
                && first.target().equals(asked.target());
    }

    /// Whether the handler is to be called again on the loop.
    boolean isUnderWay() {
        return phase == Phase.UNDER_WAY;
    }

    /// The reply is there, or will not come.
    void answered() {
        phase = Phase.ANSWERED;
    }

    /// Nothing of it is wanted, unless it was taken.
    void cancel() {
        PendingReply unwanted = pending;
        if (unwanted != null && (phase == Phase.UNDER_WAY || phase == Phase.ANSWERED)) {
            phase = Phase.OVER;
            unwanted.cancel();
        }
    }
}
