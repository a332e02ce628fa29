package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectRemoval;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.RemovalOptions;
import io.forebay.storage.object.RemovalOutcome;
import io.forebay.storage.object.Removed;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Reliance;
import io.forebay.storage.peer.View;
import java.util.ArrayList;
import java.util.List;

/// Removes many objects of a bucket in one request, while every object is where it belongs. What needs more
/// than this node is for a request of its own.
final class JointRemovals {
    private final Fence fence;
    private final ObjectStore store;

    JointRemovals(Fence fence, ObjectStore store) {
        this.fence = fence;
        this.store = store;
    }

    /// Removes what a message names. Throws STALE_MAP while owners change, BUSY when the bucket is being
    /// removed, NO_SUCH_BUCKET, INVALID_ARGUMENT.
    Reply remove(Exchange exchange, BucketName name, byte[] message) {
        List<RemovalsRequest.Removal> asked =
                WireJson.read(message, RemovalsRequest.class).removals();
        Check.argument(
                asked.size() <= RemovalsRequest.MAX_COUNT,
                "%s removals are more than %s",
                asked.size(),
                RemovalsRequest.MAX_COUNT);
        fence.lease().require();
        View view = fence.view();
        Bucket bucket = view.state().bucket(name);
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(name);
        }
        if (!view.isSettled()) {
            throw new StoreException(ErrorCode.STALE_MAP, "owners of objects change: each is to be removed by itself");
        }
        if (bucket.sealed()) {
            throw Intake.sealed(bucket);
        }
        List<ObjectRemoval> removals =
                asked.stream().map(removal -> removal(name, removal)).toList();
        return RequestOccasion.during(exchange, bucket, () -> removed(view, bucket, removals));
    }

    private static ObjectRemoval removal(BucketName bucket, RemovalsRequest.Removal asked) {
        Conditions conditions = new Conditions(
                Conditions.Existence.ANY,
                asked.etag() == null ? List.of() : EntityTags.split(asked.etag()),
                asked.size(),
                asked.modifiedSeconds());
        return new ObjectRemoval(
                new ObjectKey(bucket, asked.name()).at(asked.version()),
                new RemovalOptions(conditions, true, asked.bypassesGovernance()));
    }

    private Reply removed(View view, Bucket bucket, List<ObjectRemoval> removals) {
        List<RemovalOutcome> outcomes = Reliance.onAll(view.servingEpoch(), () -> store.removeAll(bucket, removals));
        List<RemovalsReply.Outcome> told = new ArrayList<>(outcomes.size());
        for (int index = 0; index < outcomes.size(); index++) {
            told.add(told(removals.get(index).key(), outcomes.get(index)));
        }
        return JsonReply.of(new RemovalsReply(told));
    }

    private static RemovalsReply.Outcome told(ObjectKey key, RemovalOutcome outcome) {
        Removed removed = outcome.removed();
        if (removed != null) {
            return new RemovalsReply.Outcome(removed.versionId(), removed.marker(), null, "");
        }
        StoreException failure = outcome.failure();
        return RemovalsReply.Outcome.of(failure != null ? failure : NodeErrors.nothingToDelete(key));
    }
}
