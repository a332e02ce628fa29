package io.forebay.cluster.watch;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpClient;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.util.function.Supplier;

/// Calls control ports of other processes: with the cluster's secret, and a deadline of each call's own.
/// Safe to share between threads.
public final class ControlCalls {
    private static final int FORBIDDEN = 403;

    private final HttpClient http;
    private final Secret secret;
    private final Timers timers;
    private final int maxAnswerBytes;

    public ControlCalls(HttpClient http, Secret secret, Timers timers, int maxAnswerBytes) {
        this.http = http;
        this.secret = secret;
        this.timers = timers;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /// A success, with its body; or 421 of a gateway that does not lead.
    public static final class Answer {
        private final int status;
        private final Headers headers;
        private final byte[] body;

        Answer(int status, Headers headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        public int status() {
            return status;
        }

        public Headers headers() {
            return headers;
        }

        /// The whole body, which belongs to the caller.
        public byte[] body() {
            return body;
        }

        /// Whether the gateway sends the caller to the leader.
        public boolean isMisdirected() {
            return status == NodeErrors.MISDIRECTED;
        }

        /// The leader's control URL; empty when a misdirecting gateway knows none.
        public String leader() {
            return headers.find(NodeHeaders.LEADER, "");
        }
    }

    /// Throws the failure that the answer tells, NODE_UNAVAILABLE when nobody answers there,
    /// DEADLINE_EXCEEDED when the answer is not whole in time or the thread is interrupted.
    public Answer call(String controlUrl, Method method, String target, byte[] body, Duration deadline) {
        return within(deadline, controlUrl, () -> exchange(controlUrl, method, target, body));
    }

    private Answer exchange(String controlUrl, Method method, String target, byte[] body) {
        Headers headers = new Headers().add(NodeHeaders.NODE_SECRET, secret.value());
        Body content = body.length == 0 ? Body.empty() : MemoryBody.of(body);
        Reply reply = http.send(controlUrl, new Request(method, target, headers), content);
        if (reply.status() >= 400 && reply.status() != NodeErrors.MISDIRECTED) {
            StoreException failure = NodeErrors.read(reply);
            throw reply.status() == FORBIDDEN
                    ? new StoreException(
                            ErrorCode.FORBIDDEN, controlUrl + " refuses this node's token: " + failure.text())
                    : failure;
        }
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            return new Answer(reply.status(), reply.headers(), payload.readAll(maxAnswerBytes));
        }
    }

    /// The client's own timeouts are for payloads: this one interrupts the calling thread.
    private Answer within(Duration deadline, String controlUrl, Supplier<Answer> call) {
        Watchdog watchdog = new Watchdog(Thread.currentThread());
        Timers.Alarm alarm = timers.after(deadline.toNanos(), watchdog::bite);
        boolean late = false;
        try {
            return call.get();
        } catch (StoreException e) {
            late = watchdog.calm();
            throw late
                    ? new StoreException(
                            ErrorCode.DEADLINE_EXCEEDED,
                            controlUrl + " did not answer within " + deadline.toMillis() + " ms",
                            e)
                    : e;
        } finally {
            alarm.cancel();
            watchdog.calm();
        }
    }

    /// Interrupts a thread, but never after it was calmed.
    private static final class Watchdog {
        private final Thread thread;
        private boolean bitten;
        private boolean calmed;

        Watchdog(Thread thread) {
            this.thread = thread;
        }

        synchronized void bite() {
            if (!calmed) {
                bitten = true;
                thread.interrupt();
            }
        }

        /// Whether it has bitten before; its interrupt is then taken back.
        synchronized boolean calm() {
            if (bitten && !calmed) {
                Thread.interrupted();
            }
            calmed = true;
            return bitten;
        }
    }
}
