package io.forebay.cluster.watch;

import io.forebay.cluster.codec.CommandBatch;
import io.forebay.cluster.codec.StateCodec;
import io.forebay.cluster.codec.StateDigest;
import io.forebay.cluster.state.ClusterState;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.control.ControlPaths;
import io.forebay.protocol.http.Method;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Keeps the cluster state of a process current that is no member of the group which orders commands: asks
/// one gateway at a time, by long poll, and another one when that fails, lags or has lost contact itself.
///
/// Takes states of one cluster only, and only newer ones. Commands are applied by the same pure function as
/// everywhere; when they do not lead to what the gateway has, the whole state is taken.
public final class StatePuller implements Service {
    private static final System.Logger LOG = System.getLogger(StatePuller.class.getName());
    private static final long WHOLE = -1;

    private final WatchConfig config;
    private final Parts parts;
    private final Backoff backoff;
    private final LongAdder nothings;
    private final LongAdder news;
    private final LongAdder failures;
    private final LongAdder doubts;
    private final AtomicInteger turn;
    private final AtomicBoolean expecting = new AtomicBoolean();
    private final Recurring work;
    private boolean doubtful;
    private String lastFailure = "";

    /// What it works with.
    ///
    /// @param state gets the states; nobody else publishes to it
    /// @param clusterId of the cluster that this process belongs to; empty when it has yet to learn it
    /// @param gateways their control URLs, asked before each call
    public record Parts(
            CurrentState state,
            String clusterId,
            Supplier<List<String>> gateways,
            ControlCalls calls,
            Ticker ticker,
            Timers timers,
            RandomGenerator random,
            Metrics metrics) {}

    public StatePuller(WatchConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
        this.backoff = new Backoff(config.retryMin(), config.retryMax(), parts.random);
        this.nothings = parts.metrics.counter(WatchMetric.PULLS, "outcome=\"nothing\"");
        this.news = parts.metrics.counter(WatchMetric.PULLS, "outcome=\"newer\"");
        this.failures = parts.metrics.counter(WatchMetric.PULLS, "outcome=\"failed\"");
        this.doubts = parts.metrics.counter(WatchMetric.PULL_DOUBTS, "");
        // Many nodes spread over the gateways.
        this.turn = new AtomicInteger(parts.random.nextInt(1 << 20));
        this.work = new Recurring(
                "following the cluster state", parts.timers, config.retryMax().toNanos(), this::pull);
    }

    /// Asks soon, and does not wait for the answer: whoever needs a state waits at the `CurrentState`.
    @Override
    public void start() {
        work.start();
    }

    @Override
    public void close() {
        work.close();
    }

    /// The leader has that version. When it does not come soon, the gateway that is being asked may be
    /// unable to tell: another one is asked.
    public void expect(long version) {
        if (isBehind(version) && expecting.compareAndSet(false, true)) {
            parts.timers.after(config.lagTolerance().toNanos(), () -> {
                expecting.set(false);
                if (isBehind(version)) {
                    turn.incrementAndGet();
                    work.restart();
                }
            });
        }
    }

    private boolean isBehind(long version) {
        return parts.state.current().version() < version;
    }

    private long pull() {
        List<String> gateways = parts.gateways.get();
        String url = gateways.isEmpty() ? "" : gateways.get(Math.floorMod(turn.get(), gateways.size()));
        try {
            if (url.isEmpty()) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no gateway is known");
            }
            boolean useful = ask(url);
            lastFailure = "";
            if (useful) {
                backoff.succeeded();
                return 0;
            }
            turn.incrementAndGet();
            return backoff.failed();
        } catch (StoreException e) {
            failures.increment();
            turn.incrementAndGet();
            note(e);
            return backoff.failed();
        }
    }

    /// False when the gateway had less than this process, or did not wait: another one may be better.
    private boolean ask(String url) {
        long after = doubtful ? WHOLE : parts.state.current().version();
        long begin = parts.ticker.nanos();
        ControlCalls.Answer answer = parts.calls.call(
                url,
                Method.GET,
                ControlPaths.STATE + "?after=" + after + "&wait="
                        + config.pollWait().toMillis(),
                new byte[0],
                config.pollWait().plus(config.answerTimeout()));
        checkCluster(url, answer.headers().find(NodeHeaders.CLUSTER, ""));
        boolean useful = true;
        if (answer.status() == 204) {
            nothings.increment();
            compare(url, after, answer.headers().find(NodeHeaders.STATE_DIGEST, ""));
            useful = parts.ticker.nanos() - begin >= config.pollWait().toNanos() / 2;
        } else if (answer.headers().find("Content-Type", "").equals(StateFeed.COMMANDS)) {
            follow(url, answer.body());
            useful = !doubtful;
        } else {
            useful = replace(url, answer.body());
        }
        if (answer.headers().contains(NodeHeaders.STALE_STATE)) {
            turn.incrementAndGet();
        }
        return useful;
    }

    private void checkCluster(String url, String theirs) {
        String known = parts.state.current().clusterId();
        String ours = known.isEmpty() ? parts.clusterId : known;
        if (theirs.isEmpty() || (!ours.isEmpty() && !ours.equals(theirs))) {
            throw new StoreException(
                    ErrorCode.FORBIDDEN,
                    "the gateway at " + url + " belongs to cluster \"" + theirs + "\", this process to \"" + ours
                            + "\"");
        }
    }

    /// Both have that version: they must have the same.
    private void compare(String url, long version, String digest) {
        ClusterState state = parts.state.current();
        if (state.version() == version && !digest.isEmpty() && StateDigest.differ(digest, StateDigest.of(state))) {
            doubt(url, "cluster state " + version + " is another there than here", null);
        }
    }

    private void follow(String url, byte[] bytes) {
        ClusterState state = parts.state.current();
        try {
            CommandBatch batch = CommandBatch.decode(bytes);
            if (batch.after() != state.version()) {
                doubt(url, "the commands follow version " + batch.after() + ", not " + state.version(), null);
                return;
            }
            for (int index = 0; index < batch.commands().size(); index++) {
                state = state.apply(batch.command(index)).state();
                parts.state.publish(state, batch.commands().get(index));
            }
            news.increment();
        } catch (RuntimeException e) {
            doubt(url, "a command cannot be applied: " + e.getMessage(), e);
        }
    }

    /// False when the gateway's state is older than the one here, which stays.
    private boolean replace(String url, byte[] bytes) {
        ClusterState whole = StateCodec.decode(bytes);
        checkCluster(url, whole.clusterId());
        if (isBehind(whole.version())) {
            parts.state.publish(whole);
        } else if (whole.version() == parts.state.current().version()) {
            parts.state.correct(whole);
        } else {
            return false;
        }
        news.increment();
        doubtful = false;
        return true;
    }

    private void doubt(String url, String why, @Nullable Throwable cause) {
        doubts.increment();
        doubtful = true;
        LOG.log(System.Logger.Level.ERROR, "the whole cluster state is taken from " + url + " because " + why, cause);
    }

    private void note(StoreException failure) {
        if (!failure.text().equals(lastFailure)) {
            lastFailure = failure.text();
            LOG.log(System.Logger.Level.WARNING, "no newer cluster state: {0}", lastFailure);
        }
    }
}
