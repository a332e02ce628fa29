package io.forebay.storage.rebalance;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Epoch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Upload;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Survey;
import io.forebay.storage.peer.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// Removes what a settled epoch gives to other nodes: what a node still has of a time when it held more, or
/// was away, must never be taken for a value. Safe to share between threads.
///
/// Only what was written under that epoch or before is removed. What this node has got since, as an owner
/// of later ones, is newer, or is with those that the settled epoch names as well.
final class Cleaning implements Fence.Cleaning {
    private static final System.Logger LOG = System.getLogger(Cleaning.class.getName());
    private static final int TOGETHER = 1000;

    private final NodeId self;
    private final ObjectStore store;
    private final CleanMark mark;
    private final Duration tombstoneAge;
    private final LongAdder removed;
    private final ForgottenRemovals forgotten;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean refused;

    /// @param tombstoneAge how long a removal is remembered at least
    Cleaning(Survey survey, ObjectStore store, CleanMark mark, Duration tombstoneAge, Metrics metrics, String labels) {
        this.self = survey.self();
        this.forgotten = new ForgottenRemovals(survey);
        this.store = store;
        this.mark = mark;
        this.tombstoneAge = tombstoneAge;
        this.removed = metrics.counter(RebalanceMetric.CLEANED, labels);
        metrics.gauge(RebalanceMetric.CLEAN_EPOCH, labels, mark::epoch);
        store.whenVolumeReturns(() -> mark.set(0));
    }

    @Override
    public void require(View view) {
        Epoch base = view.placements().base();
        if (base.phase() != Epoch.Phase.SETTLED || base.number() <= mark.epoch()) {
            return;
        }
        lock.lock();
        try {
            if (base.number() > mark.epoch()) {
                clean(view.placements(), base.number());
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether a bucket did not let its objects go that the state does not say to be sealed: the store follows the
    /// state a
    /// moment later, and nothing tells when it does.
    boolean wasRefused() {
        return refused;
    }

    /// Forgets the removals that are so long ago that no older value can be on its way any more, while every object
    /// is where it belongs.
    void forget(View view) {
        if (view.isSettled() && view.servingEpoch() <= mark.epoch()) {
            store.holdings()
                    .dropTombstones(view.servingEpoch(), tombstoneAge, removals -> forgotten.among(view, removals));
        }
    }

    private void clean(Placements placements, long base) {
        boolean whole = true;
        refused = false;
        for (Bucket bucket : placements.state().buckets().values()) {
            try {
                cleanObjects(placements, bucket, base);
                whole &= cleanUploads(placements, bucket, base);
            } catch (StoreException e) {
                if (e.code() != ErrorCode.NO_SUCH_BUCKET) {
                    throw e;
                }
                // All of it is being removed; or it is sealed for a moment, and may turn out not to be empty.
                whole = false;
                refused |= !bucket.sealed();
            }
        }
        store.holdings().harden();
        if (whole) {
            mark.set(base);
        }
    }

    private void cleanObjects(Placements placements, Bucket bucket, long base) {
        ObjectKey last = null;
        while (true) {
            List<ObjectKey> keys = new ArrayList<>();
            try (HeldScan scan = store.holdings().scanServing(bucket.id())) {
                if (last != null) {
                    scan.seekBehind(last);
                }
                while (keys.size() < TOGETHER && scan.next()) {
                    ObjectRecord record = scan.held().record();
                    boolean old = record != null && record.stamp().epoch() <= base;
                    ObjectKey key = new ObjectKey(bucket.name(), scan.name(), scan.version());
                    if (old && !placements.isBased(self, key, bucket)) {
                        keys.add(key);
                    }
                }
            }
            for (ObjectKey key : keys) {
                if (store.holdings().discard(bucket, key, base)) {
                    removed.increment();
                }
            }
            if (keys.size() < TOGETHER) {
                return;
            }
            last = keys.getLast();
        }
    }

    /// False when uploads may be on a volume out of service: they wait for it.
    private boolean cleanUploads(Placements placements, Bucket bucket, long base) {
        String name = "";
        String id = "";
        List<Upload> uploads;
        do {
            try {
                uploads = store.listUploads(bucket.id(), name, id, TOGETHER);
            } catch (StoreException e) {
                if (e.code() != ErrorCode.VOLUME_FAILED) {
                    throw e;
                }
                LOG.log(System.Logger.Level.WARNING, "uploads of other nodes stay for a while", e);
                return false;
            }
            for (Upload upload : uploads) {
                ObjectKey key = new ObjectKey(bucket.name(), upload.name());
                if (!placements.isPrimary(self, key, base)) {
                    store.holdings().discardUpload(bucket, key, upload.id());
                    removed.increment();
                }
                name = upload.name();
                id = upload.id();
            }
        } while (uploads.size() == TOGETHER);
        return true;
    }
}
