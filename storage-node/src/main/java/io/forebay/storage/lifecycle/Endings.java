package io.forebay.storage.lifecycle;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Versioning;
import io.forebay.common.time.SparseWarnings;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.Occasion;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Occasions;
import io.forebay.storage.object.RemovalOptions;
import io.forebay.storage.object.Removed;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.VersionScan.Version;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.peer.Consult;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Reliance;
import io.forebay.storage.peer.View;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

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
    private final LongAdder expiredVersions;
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
        this.expiredVersions = parts.metrics().counter(LifecycleMetric.EXPIRED_VERSIONS, labels);
        this.aborted = parts.metrics().counter(LifecycleMetric.ABORTED, labels);
        this.failures = parts.metrics().counter(LifecycleMetric.FAILURES, labels);
    }

    void lookedAt(int count) {
        lookedAt.add(count);
    }

    /// Ends what has to end of an object, once all of it is known here.
    void end(Bucket bucket, String name, Judgement judgement) {
        ObjectKey object = new ObjectKey(bucket.name(), name);
        attempt(bucket, object, () -> {
            View view = fence.view();
            Consult.Where where = consult.find(view, bucket, object, Consult.Purpose.CHANGE, Waiting.ALLOWED);
            if (bucket.versioning() != Versioning.OFF) {
                consult.findVersions(view, bucket, object);
            }
            if (where instanceof Consult.Where.Here here) {
                for (Version version : judgement.ending(name, store.versions(bucket, object))) {
                    attempt(bucket, object, () -> remove(bucket, object, version, here.since()));
                }
            }
        });
    }

    /// Removes a version as it was looked at; a delete marker takes the place of the one that is the object. Throws as
    /// a request does when it is not that any more.
    void remove(Bucket bucket, ObjectKey object, Version version, long since) {
        ObjectRecord record = version.record();
        boolean isObject = version.latest() && !record.isDeleteMarker();
        ObjectKey key = isObject ? object : object.at(version.id());
        Conditions same = new Conditions(
                Conditions.Existence.ANY,
                List.of(record.etag()),
                record.size(),
                Math.floorDiv(record.modifiedMillis(), 1000));
        RemovalOptions options = new RemovalOptions(same, false, false);
        Removed removed = Reliance.on(
                object, since, () -> Occasions.during(EXPIRATION, () -> store.remove(bucket, key, options)));
        if (removed != null) {
            (isObject ? expired : expiredVersions).increment();
        }
    }

    /// Drops an upload, unless it has ended.
    void abort(Bucket bucket, Upload upload) {
        ObjectKey key = new ObjectKey(bucket.name(), upload.name());
        attempt(bucket, key, () -> {
            store.abortUpload(bucket, key, upload.id());
            aborted.increment();
        });
    }

    private void attempt(Bucket bucket, ObjectKey object, Runnable removal) {
        if (fence.standing(fence.view(), bucket, object) != View.Standing.PRIMARY) {
            return;
        }
        try {
            removal.run();
        } catch (StoreException e) {
            if (!isToStay(e.code())) {
                failed(object, e);
            }
        }
    }

    /// Whether it is right that it is still there: it is another one, another node's, or locked.
    private static boolean isToStay(ErrorCode code) {
        return switch (code) {
            case PRECONDITION_FAILED,
                    FORBIDDEN,
                    NO_SUCH_OBJECT,
                    NO_SUCH_VERSION,
                    NO_SUCH_UPLOAD,
                    NO_SUCH_BUCKET,
                    NOT_OWNER -> true;
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
