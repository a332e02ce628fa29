package io.forebay.storage.rebalance;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.ClusterSettings;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.storage.object.BytePace;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Pace;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Peers;
import io.forebay.storage.peer.View;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A storage node's part in moving objects to their owners: while an epoch is not settled it gathers its
/// objects, and after one was settled it removes what is others' to hold.
public final class Rebalancing implements Service {
    private static final System.Logger LOG = System.getLogger(Rebalancing.class.getName());
    /// So often removals are forgotten in the time for which they are remembered.
    private static final int FORGETTINGS = 4;

    private final Parts parts;
    private final Cleaning cleaning;
    private final Silence silence;
    private final long forgetNanos;
    private final Progress progress;
    private final BytePace pace;
    private final LongAdder paused;
    private final Recurring work;
    private @Nullable Gathering running;
    private String told = "";
    private StateWatch.@Nullable Subscription subscription;

    /// What it works with.
    ///
    /// @param mark the file that remembers how far the node has cleaned up; null to remember nothing
    public record Parts(
            NodeId self,
            StateWatch watch,
            Fence fence,
            ObjectStore store,
            Peers.Dealings dealings,
            RebalanceConfig config,
            @Nullable Path mark,
            InstantSource clock,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {}

    public Rebalancing(Parts parts) {
        this.parts = parts;
        String labels = "node=\"" + parts.self + "\"";
        this.cleaning = new Cleaning(
                parts.dealings.survey(),
                parts.store,
                new CleanMark(parts.mark),
                parts.config.tombstoneAge(),
                parts.metrics,
                labels);
        this.silence = new Silence(parts.config.silence(), parts.ticker);
        this.forgetNanos = Math.max(
                parts.config.tombstoneAge().toNanos() / FORGETTINGS,
                parts.config.retry().toNanos());
        this.progress = new Progress(parts.clock, parts.metrics, labels);
        this.pace = new BytePace(parts.config.bandwidth().bytes(), parts.ticker);
        this.paused = parts.metrics.counter(RebalanceMetric.PAUSED, labels);
        this.work = new Recurring(
                "moving objects of " + parts.self,
                parts.timers,
                parts.config.retry().toNanos(),
                this::step);
    }

    /// What has to be done before this node prepares an epoch.
    public Fence.Cleaning cleaning() {
        return cleaning;
    }

    /// Begins to work, whenever there is something to do. The node answers others by then.
    @Override
    public void start() {
        work.start();
        parts.fence.whenPrepared(work::wake);
        parts.store.whenVolumeReturns(work::wake);
        subscription = parts.watch.subscribe(state -> {
            if (!ClusterSettings.rebalances(state)) {
                endRunning();
            }
            work.wake();
        });
    }

    /// Ends the work after the objects that it is at.
    @Override
    public void close() {
        StateWatch.Subscription open = subscription;
        if (open != null) {
            open.close();
        }
        endRunning();
        pace.close();
        work.close();
    }

    private synchronized void endRunning() {
        if (running != null) {
            running.end();
        }
    }

    /// How far the node is, for its heartbeats.
    public Rebalance progress() {
        return progress.report();
    }

    /// Does what there is to do, and returns when to look again.
    private long step() {
        View view = parts.fence.view();
        cleaning.require(view);
        cleaning.forget(view);
        long again = cleaning.wasRefused() ? parts.config.retry().toNanos() : Recurring.NEVER;
        return Math.min(Math.min(move(view), again), forgetNanos);
    }

    /// Gathers what there is to gather, and returns when to try that again.
    private long move(View view) {
        Placements placements = view.placements();
        boolean wanted = parts.config.parallel() > 0 && ClusterSettings.rebalances(placements.state());
        if (placements.areSettled() || !wanted) {
            return Recurring.NEVER;
        }
        boolean owns = placements.serving().owners().contains(parts.self);
        boolean serves = placements.newest().serves() && parts.fence.preparedEpoch() >= view.servingEpoch();
        if (!owns || !serves) {
            // The state, or the fence, tells when that changes.
            return Recurring.NEVER;
        }
        Rebalance last = progress.report();
        if (last.done() && last.epoch() == view.servingEpoch()) {
            return Recurring.NEVER;
        }
        if (!parts.fence.lease().isLive()) {
            return parts.config.retry().toNanos();
        }
        return gather(view);
    }

    private long gather(View view) {
        progress.begin(view.servingEpoch());
        Gathering gathering = new Gathering(
                view,
                new Gathering.Tools(
                        parts.fence,
                        parts.store,
                        parts.dealings.consult(),
                        parts.dealings.uploads(),
                        parts.dealings.survey(),
                        silence,
                        paced(),
                        parts.config.page()),
                progress,
                parts.config.parallel());
        begin(gathering);
        try {
            return switch (gathering.run()) {
                case DONE -> {
                    progress.end();
                    yield Recurring.NEVER;
                }
                case INCOMPLETE -> {
                    tell(view, gathering.obstacle());
                    yield parts.config.retry().toNanos();
                }
                case ENDED -> parts.config.retry().toNanos();
            };
        } finally {
            begin(null);
        }
    }

    /// Says what is in the way, once.
    private void tell(View view, String obstacle) {
        if (!obstacle.isEmpty() && !obstacle.equals(told)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "objects of epoch {0} are not all where they belong; tried again in {1}: {2}",
                    view.servingEpoch(),
                    parts.config.retry(),
                    obstacle);
        }
        told = obstacle;
    }

    private synchronized void begin(@Nullable Gathering next) {
        running = next;
    }

    /// The pace, with the time that it costs counted.
    private Pace paced() {
        return bytes -> {
            long before = parts.ticker.nanos();
            boolean goesOn = pace.spent(bytes);
            paused.add(TimeUnit.NANOSECONDS.toMillis(parts.ticker.nanos() - before));
            return goesOn;
        };
    }
}
