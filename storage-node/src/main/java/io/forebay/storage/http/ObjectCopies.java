package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.ObjectUname;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import java.util.List;

/// Copy and rename of an object whose other name this node owns too; the gateway does the others.
final class ObjectCopies {
    private final ObjectStore store;
    private final Ownership ownership;
    private final Custody custody;
    private final Encryptions encryptions;
    private final NodeErrors errors;
    private final Intake intake;

    ObjectCopies(
            ObjectStore store,
            Ownership ownership,
            Custody custody,
            Encryptions encryptions,
            NodeErrors errors,
            Intake intake) {
        this.store = store;
        this.encryptions = encryptions;
        this.ownership = ownership;
        this.custody = custody;
        this.errors = errors;
        this.intake = intake;
    }

    /// PUT with `object_to`: bytes, custom metadata and attributes are copied. Onto itself nothing happens.
    Reply copy(ObjectRequest request) {
        UnofferedParameters.refuseToWrite(request);
        ObjectKey target = ObjectUname.parseObject(request.query().find(AisQuery.OBJECT_TO, ""));
        if (!request.extended()) {
            NativePath.checkObjectName(target.name(), true);
        }
        if (target.equals(request.key())) {
            custody.checked(request, () -> {
                require(request);
                return null;
            });
            return Reply.of(200);
        }
        copyTo(request, target);
        return Reply.of(200);
    }

    /// POST `rename-obj`: copies within the bucket, then removes the old name unless it was written meanwhile.
    Reply rename(ObjectRequest request, ActionMessage message) {
        Check.argument(
                request.key().bucket().provider() == Provider.AIS,
                "cannot rename object %s from a remote bucket",
                request.key());
        ObjectKey target = new ObjectKey(request.key().bucket(), message.name());
        if (!request.extended()) {
            NativePath.checkObjectName(target.name(), true);
        }
        Check.argument(!target.equals(request.key()), "cannot rename object %s to itself", request.key());
        ObjectRecord source = copyTo(request, target);
        removeUnchanged(request, source);
        return Reply.of(200);
    }

    /// An old name that was written again since the copy is a new object, which stays: it came after the
    /// rename.
    private void removeUnchanged(ObjectRequest request, ObjectRecord source) {
        Conditions unchanged = Conditions.matching(List.of(source.etag()));
        try {
            intake.translating(request, () -> store.remove(request.bucket(), request.key(), unchanged));
        } catch (StoreException failure) {
            if (failure.code() != ErrorCode.PRECONDITION_FAILED && failure.code() != ErrorCode.NO_SUCH_OBJECT) {
                throw failure;
            }
        }
    }

    /// Copies and returns the source's record. Throws NOT_OWNER when another node owns the target.
    private ObjectRecord copyTo(ObjectRequest request, ObjectKey target) {
        Bucket bucket = Ownership.bucket(request.state(), target.bucket());
        if (!ownership.owns(bucket, target)) {
            throw ownership.notOwner(target);
        }
        ReadPlan plan = ReadPlan.ofAll(request, encryptions);
        ReadOutcome outcome = store.read(request.bucket(), request.key(), Waiting.ALLOWED, plan);
        if (!(outcome instanceof ReadOutcome.Found found)) {
            custody.requireServing(request);
            throw errors.noSuchObject(request.key());
        }
        ObjectRequest destination =
                new ObjectRequest(request.exchange(), request.query(), target, bucket, request.view());
        try (ByteSource bytes = ObjectReads.content(plan, found.slices())) {
            custody.requireServing(request);
            ObjectRecord source = plan.told(found.record());
            Sealing sealing = encryptions.ofCopy(destination, source);
            WriteOptions options = new WriteOptions(
                    source.size(),
                    source.checksums().stream().map(Checksum::type).toList(),
                    List.of(),
                    source.system(),
                    source.custom(),
                    sealing == null ? null : sealing.sealer());
            intake.take(
                    destination,
                    bytes,
                    session -> session.commit(Conditions.NONE),
                    () -> store.begin(bucket, target, options));
            return source;
        }
    }

    private void require(ObjectRequest request) {
        if (!(store.find(request.bucket(), request.key(), Waiting.ALLOWED) instanceof ReadOutcome.Found)) {
            throw errors.noSuchObject(request.key());
        }
    }
}
