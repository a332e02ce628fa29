package io.forebay.storage.lifecycle;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.SparseWarnings;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.Occasion;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Occasions;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.peer.Consult;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Reliance;
import io.forebay.storage.peer.View;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/// Removes what has to end, one key at a time, as a request would: only as the key's primary, and only what was
/// looked at. Whatever is in the way of one key is counted, and left for the next round.
final class Endings {
    private static final System.Logger LOG = System.getLogger(Endings.class.getName());
    private static final Occasion EXPIRATION = Occasion.of(Occasion.Cause.EXPIRATION);

    private final Fence fence;
    private final Consult consult;
    private final ObjectStore store;
    private final Ticker ticker;
    private final LongAdder lookedAt;
    private final LongAdder expired;
    private final LongAdder aborted;
    private final LongAdder failures;
    private final SparseWarnings<Warning> warnings = new SparseWarnings<>(Warning.class);

    private enum Warning {
        FAILED
    }

    Endings(Lifecycle.Parts parts, String labels) {
        this.fence = parts.fence();
        this.consult = parts.consult();
        this.store = parts.store();
        this.ticker = parts.ticker();
        this.lookedAt = parts.metrics().counter(LifecycleMetric.LOOKED_AT, labels);
        this.expired = parts.metrics().counter(LifecycleMetric.EXPIRED, labels);
        this.aborted = parts.metrics().counter(LifecycleMetric.ABORTED, labels);
        this.failures = parts.metrics().counter(LifecycleMetric.FAILURES, labels);
    }

    void lookedAt(int count) {
        lookedAt.add(count);
    }

    /// Removes an object, if it is still the one that was looked at.
    void remove(Bucket bucket, String name, ObjectRecord record) {
        ObjectKey key = new ObjectKey(bucket.name(), name);
        Conditions same = new Conditions(
                Conditions.Existence.ANY,
                List.of(record.etag()),
                record.size(),
                Math.floorDiv(record.modifiedMillis(), 1000));
        attempt(bucket, key, expired, () -> {
            Consult.Where where = consult.find(fence.view(), bucket, key, Consult.Purpose.CHANGE, Waiting.ALLOWED);
            return where instanceof Consult.Where.Here here
                    && Reliance.on(
                            key,
                            here.since(),
                            () -> Occasions.during(EXPIRATION, () -> store.remove(bucket, key, same)));
        });
    }

    /// Drops an upload, unless it has ended.
    void abort(Bucket bucket, Upload upload) {
        ObjectKey key = new ObjectKey(bucket.name(), upload.name());
        attempt(bucket, key, aborted, () -> {
            store.abortUpload(bucket, key, upload.id());
            return true;
        });
    }

    private void attempt(Bucket bucket, ObjectKey key, LongAdder counter, BooleanSupplier removal) {
        if (fence.standing(fence.view(), bucket, key) != View.Standing.PRIMARY) {
            return;
        }
        try {
            if (removal.getAsBoolean()) {
                counter.increment();
            }
        } catch (StoreException e) {
            if (!hasChanged(e.code())) {
                failed(key, e);
            }
        }
    }

    /// Whether there is nothing left to do: the object is another one, or another node's.
    private static boolean hasChanged(ErrorCode code) {
        return switch (code) {
            case PRECONDITION_FAILED, NO_SUCH_OBJECT, NO_SUCH_UPLOAD, NO_SUCH_BUCKET, NOT_OWNER -> true;
            default -> false;
        };
    }

    private void failed(ObjectKey key, StoreException failure) {
        failures.increment();
        if (warnings.isDue(Warning.FAILED, ticker.nanos())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is to end by a lifecycle rule, which is tried again in the next round: {1}",
                    key,
                    failure.text());
        }
    }
}
