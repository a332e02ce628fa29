package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Timers;
import io.forebay.storage.object.DamagedObject;
import io.forebay.storage.object.ObjectStore;
import java.util.concurrent.atomic.LongAdder;

/// Replaces damaged objects by other nodes' copies, without waiting for a reader: a primary fetches one, another
/// holder has the primary write the object again.
public final class Repairing implements Service {
    private static final System.Logger LOG = System.getLogger(Repairing.class.getName());

    private final Fence fence;
    private final ObjectStore store;
    private final Mending mending;
    private final PeerCalls calls;
    private final LongAdder failed;
    private final Recurring work;
    private final long intervalNanos;

    Repairing(
            Fence fence,
            ObjectStore store,
            Mending mending,
            PeerCalls calls,
            PeerConfig config,
            Timers timers,
            Metrics metrics) {
        this.fence = fence;
        this.store = store;
        this.mending = mending;
        this.calls = calls;
        this.failed = metrics.counter(PeerMetric.REPAIRS_FAILED, "node=\"" + fence.self() + "\"");
        this.intervalNanos = config.repairInterval().toNanos();
        this.work = new Recurring("repairing objects of " + fence.self(), timers, intervalNanos, this::step);
    }

    @Override
    public void start() {
        work.start();
    }

    @Override
    public void close() {
        work.close();
    }

    private long step() {
        for (DamagedObject damaged : store.damaged()) {
            View view = fence.view();
            Bucket bucket = view.state().bucket(damaged.bucketId());
            boolean isObject = damaged.part() == 0 && !damaged.name().isEmpty();
            if (bucket != null && isObject && mending.isPossible(view, bucket)) {
                repair(view, bucket, damaged);
            }
            if (Thread.currentThread().isInterrupted()) {
                return Recurring.NEVER;
            }
        }
        return intervalNanos;
    }

    private void repair(View view, Bucket bucket, DamagedObject damaged) {
        ObjectKey key = new ObjectKey(bucket.name(), damaged.name(), damaged.version());
        try {
            switch (fence.standing(view, bucket, key)) {
                case PRIMARY ->
                    mending.mend(
                            view,
                            bucket,
                            key,
                            new StoreException(ErrorCode.CORRUPT, key + " is damaged: " + damaged.reason()));
                case OTHER -> calls.renew(view.placements().primary(key).id(), view, key);
                case AWAITED -> {
                    // Its next owner is told, or asked, the next time.
                }
            }
        } catch (StoreException e) {
            failed.increment();
            LOG.log(System.Logger.Level.WARNING, "{0} is damaged and cannot be repaired now: {1}", key, e.text());
        }
    }
}
