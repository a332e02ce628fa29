package io.forebay.cluster.watch;

import io.forebay.cluster.codec.CommandBatch;
import io.forebay.cluster.codec.StateCodec;
import io.forebay.cluster.codec.StateDigest;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Gives nodes the newer states of this process: `GET /cluster/state?after=VERSION&wait=MILLIS`.
///
/// Answers with the commands that lead from that version to the newest when it still has them, else with
/// the whole state; 204 when nothing came while it waited. A negative version asks for the whole state at
/// once.
public final class StateFeed implements Handler, Service {
    /// The media type of an answer of commands (`CommandBatch`); a whole state is JSON.
    static final String COMMANDS = "application/x-forebay-commands";

    private final CurrentState state;
    private final QuorumContact contact;
    private final long maxWaitNanos;
    private final Waiting waiting;
    private final AtomicInteger waiters = new AtomicInteger();
    private final LongAdder nothings;
    private final LongAdder batches;
    private final LongAdder wholes;
    private final LongAdder sentBytes;
    private volatile @Nullable Encoded newest;
    private volatile boolean closed;
    private StateWatch.@Nullable Subscription subscription;

    /// A state's encoding, kept for those who want the same.
    private record Encoded(ClusterState state, ByteBuffer bytes, String digest) {}

    /// @param maxWait the longest that a caller may wait
    public StateFeed(
            CurrentState state,
            QuorumContact contact,
            Duration maxWait,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {
        this.state = state;
        this.contact = contact;
        this.maxWaitNanos = maxWait.toNanos();
        this.waiting = new Waiting(ticker, timers);
        this.nothings = metrics.counter(WatchMetric.FEEDS, "what=\"nothing\"");
        this.batches = metrics.counter(WatchMetric.FEEDS, "what=\"commands\"");
        this.wholes = metrics.counter(WatchMetric.FEEDS, "what=\"state\"");
        this.sentBytes = metrics.counter(WatchMetric.FEED_BYTES, "");
        metrics.gauge(WatchMetric.FEED_WAITING, "", waiters::get);
    }

    @Override
    public void start() {
        subscription = state.subscribe(newer -> waiting.signal());
    }

    /// Ends the waiting of all callers, which ask elsewhere. Before the port that they come by is closed.
    @Override
    public void close() {
        closed = true;
        waiting.signal();
        if (subscription != null) {
            subscription.close();
        }
    }

    /// Throws NODE_UNAVAILABLE before the cluster is known here, and when this process ends.
    @Override
    public Reply handle(Exchange exchange) {
        if (exchange.request().method() != Method.GET) {
            return NodeErrors.methodNotAllowed(exchange.request().method(), "GET");
        }
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        Query query = exchange.request().query();
        long after = number(query, "after");
        long waitNanos = Math.min(maxWaitNanos, TimeUnit.MILLISECONDS.toNanos(Math.max(0, number(query, "wait"))));
        waiters.incrementAndGet();
        try {
            waiting.await(() -> closed || state.current().version() > after, waitNanos);
        } finally {
            waiters.decrementAndGet();
        }
        return answer(after);
    }

    private Reply answer(long after) {
        ClusterState current = state.current();
        if (closed || current.clusterId().isEmpty()) {
            throw new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    closed ? "this gateway is stopping" : "this gateway does not know the cluster's state yet");
        }
        if (current.version() <= after) {
            nothings.increment();
            Headers headers = headers(current);
            if (current.version() == after) {
                headers.add(NodeHeaders.STATE_DIGEST, encoded(current).digest);
            }
            return new Reply(204, headers, Payload.none());
        }
        List<byte[]> commands = after < 0 ? null : state.commandsSince(after);
        if (commands != null) {
            batches.increment();
            return reply(current, COMMANDS, ByteBuffer.wrap(new CommandBatch(after, commands).encode()));
        }
        wholes.increment();
        return reply(current, "application/json", encoded(current).bytes.duplicate());
    }

    private Reply reply(ClusterState current, String type, ByteBuffer bytes) {
        sentBytes.add(bytes.remaining());
        return new Reply(200, headers(current).add("Content-Type", type), new Payload.Memory(bytes));
    }

    private Headers headers(ClusterState current) {
        Headers headers = new Headers()
                .add(NodeHeaders.CLUSTER, current.clusterId())
                .add(NodeHeaders.STATE_VERSION, current.version());
        long stale = contact.staleSeconds();
        return stale == 0 ? headers : headers.add(NodeHeaders.STALE_STATE, stale);
    }

    private Encoded encoded(ClusterState current) {
        Encoded known = newest;
        if (known != null && known.state.equals(current)) {
            return known;
        }
        byte[] bytes = StateCodec.encode(current);
        Encoded made = new Encoded(current, ByteBuffer.wrap(bytes), StateDigest.ofEncoded(bytes));
        newest = made;
        return made;
    }

    private static long number(Query query, String name) {
        String text = query.find(name, "0");
        Check.argument(text.matches("-?\\d{1,18}"), "%s=%s is no number", name, text);
        return Long.parseLong(text);
    }
}
