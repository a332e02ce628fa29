package io.forebay.cluster.peer;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Calls other gateways over kept connections. Safe to share between threads.
public final class PeerCalls {
    private static final int MAX_ANSWER_BYTES = 1 << 20;

    private final HttpClient http;
    private final Secret secret;
    private final Peer self;
    private final Metrics metrics;
    private final Map<String, Meters> meters = new ConcurrentHashMap<>();
    private final LongAdder sentBytes;

    /// What a gateway answered, with a status that says success.
    ///
    /// @param roundTripNanos from when the call was sent to when the answer was there
    public record Answer(Headers headers, ByteBuffer body, long roundTripNanos) {
        /// The body as text.
        public String text() {
            return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
        }
    }

    private record Meters(LongAdder answered, LongAdder failed, LongAdder late, Histogram time) {}

    /// @param self told with every call, so that whoever is called learns where the caller is reached
    public PeerCalls(HttpClient http, Secret secret, Peer self, Metrics metrics) {
        this.http = http;
        this.secret = secret;
        this.self = self;
        this.metrics = metrics;
        this.sentBytes = metrics.counter(PeerMetric.SENT_BYTES, "");
    }

    /// Sends a body to a path at a control URL and waits for the whole answer. Throws the failure that the
    /// answer tells (`NotLeader` with the leader's address), NODE_UNAVAILABLE when nobody answers there,
    /// DEADLINE_EXCEEDED when the answer takes longer than the patience or this thread is interrupted.
    public Answer post(String controlUrl, String path, Headers headers, byte[] body, Duration patience) {
        Meters meter = meters.computeIfAbsent(path, this::meters);
        sentBytes.add(body.length);
        try {
            Answer answer = within(patience, path, () -> exchange(controlUrl, path, headers, body));
            meter.answered.increment();
            meter.time.record(answer.roundTripNanos);
            return answer;
        } catch (StoreException e) {
            (e.code() == ErrorCode.DEADLINE_EXCEEDED ? meter.late : meter.failed).increment();
            throw e;
        }
    }

    private Answer exchange(String controlUrl, String path, Headers headers, byte[] body) {
        long begin = Ticker.SYSTEM.nanos();
        headers.set(NodeHeaders.NODE_SECRET, secret.value())
                .set(PeerHeaders.MEMBER, self.id().value())
                .set(PeerHeaders.CONTROL_URL, self.controlUrl());
        Body content = body.length == 0 ? Body.empty() : MemoryBody.of(body);
        Reply reply = http.send(controlUrl, new Request(Method.POST, path, headers), content);
        if (reply.status() != 200) {
            throw failure(reply);
        }
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            byte[] answer = payload.readAll(MAX_ANSWER_BYTES);
            return new Answer(reply.headers(), ByteBuffer.wrap(answer), Ticker.SYSTEM.nanos() - begin);
        }
    }

    private static StoreException failure(Reply reply) {
        boolean coded = reply.headers().contains(NodeHeaders.ERROR);
        StoreException failure = NodeErrors.read(reply);
        if (failure.code() == ErrorCode.NOT_LEADER) {
            return NotLeader.naming(reply.headers().find(NodeHeaders.LEADER), failure.text());
        }
        if (coded) {
            return failure;
        }
        // Of the port itself: it knows no such caller, or what is asked for is not open there (yet).
        return switch (reply.status()) {
            case 403 -> new StoreException(ErrorCode.FORBIDDEN, failure.text());
            case 404 -> new StoreException(ErrorCode.NODE_UNAVAILABLE, failure.text());
            default -> failure;
        };
    }

    /// The call runs on a thread of its own, which is given up at the deadline: the client's own timeouts are
    /// for payloads.
    private static Answer within(Duration patience, String path, Callable<Answer> call) {
        FutureTask<Answer> task = new FutureTask<>(call);
        Thread.ofVirtual().name("peer-call").start(task);
        try {
            return task.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new StoreException(
                    ErrorCode.DEADLINE_EXCEEDED, "no answer at " + path + " within " + patience.toMillis() + " ms");
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while calling a gateway", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause(), path);
        }
    }

    private static StoreException failure(@Nullable Throwable cause, String path) {
        return cause instanceof StoreException known
                ? known
                : new StoreException(ErrorCode.INTERNAL, "calling " + path + " failed: " + cause, cause);
    }

    private Meters meters(String path) {
        String label = "path=\"" + path + "\"";
        return new Meters(
                metrics.counter(PeerMetric.CALLS, label + ",outcome=\"answered\""),
                metrics.counter(PeerMetric.CALLS, label + ",outcome=\"failed\""),
                metrics.counter(PeerMetric.CALLS, label + ",outcome=\"late\""),
                metrics.histogram(PeerMetric.CALL_TIME, label));
    }
}
