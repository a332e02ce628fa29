package io.forebay.storage.lifecycle;

import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.storage.object.BytePace;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.peer.Consult;
import io.forebay.storage.peer.Fence;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A storage node's part in the lifecycle of buckets: round after round it looks at the objects and uploads of its
/// keys in buckets with rules, and ends those whose time has come.
public final class Lifecycle implements Service {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    /// When a round is due that could not begin without a lease.
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Parts parts;
    private final BytePace pace;
    private final Endings endings;
    private final LongAdder failures;
    private final LongAdder rounds;
    private final AtomicLong lastRoundSeconds = new AtomicLong();
    private final Recurring work;

    /// What it works with.
    public record Parts(
            StateWatch watch,
            Fence fence,
            Consult consult,
            ObjectStore store,
            LifecycleConfig config,
            InstantSource clock,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {}

    public Lifecycle(Parts parts) {
        this.parts = parts;
        String labels = "node=\"" + parts.fence.self() + "\"";
        this.pace = new BytePace(parts.config.keysPerSecond(), parts.ticker);
        this.endings = new Endings(parts, labels);
        this.failures = parts.metrics.counter(LifecycleMetric.FAILURES, labels);
        this.rounds = parts.metrics.counter(LifecycleMetric.ROUNDS, labels);
        parts.metrics.gauge(LifecycleMetric.LAST_ROUND, labels, lastRoundSeconds::get);
        long interval = parts.config.interval().toNanos();
        this.work = new Recurring("lifecycle of buckets at " + parts.fence.self(), parts.timers, interval, this::round);
    }

    /// Begins with a round.
    @Override
    public void start() {
        work.start();
    }

    /// Ends the round under way after the object that it is at.
    @Override
    public void close() {
        pace.close();
        work.close();
    }

    /// Looks at every bucket, and returns when to do that again.
    private long round() {
        if (!parts.fence.lease().isLive()) {
            return RETRY_NANOS;
        }
        for (Bucket bucket : parts.watch.current().buckets().values()) {
            if (!bucket.sealed() && !look(bucket)) {
                return Recurring.NEVER;
            }
        }
        rounds.increment();
        lastRoundSeconds.set(Math.floorDiv(parts.clock.millis(), 1000));
        return parts.config.interval().toNanos();
    }

    /// Ends what has to end of a bucket. False when the node stops.
    private boolean look(Bucket bucket) {
        try {
            String text = bucket.properties().get(LifecycleRules.PROPERTY);
            @Nullable LifecycleRules rules = text == null ? null : LifecycleRules.parse(text);
            BucketRound round = new BucketRound(bucket, rules, parts, endings, pace);
            return round.endUploads() && round.endObjects();
        } catch (StoreException e) {
            failures.increment();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the lifecycle rules of bucket {0} are followed in the next round: {1}",
                    bucket.name(),
                    e.text());
            return true;
        }
    }
}
