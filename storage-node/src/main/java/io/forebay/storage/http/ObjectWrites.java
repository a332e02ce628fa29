package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.common.model.Versioning;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.archive.ObjectArchives;
import io.forebay.storage.crypto.Sealer;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.MapChange;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.RemovalOptions;
import io.forebay.storage.object.Removed;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// PUT, DELETE and PATCH of one object.
final class ObjectWrites {
    private final ObjectStore store;
    private final Encryptions encryptions;
    private final ObjectArchives archives;
    private final NodeErrors errors;
    private final Intake intake;
    private final Custody custody;

    ObjectWrites(
            ObjectStore store,
            Encryptions encryptions,
            ObjectArchives archives,
            NodeErrors errors,
            Intake intake,
            Custody custody) {
        this.store = store;
        this.encryptions = encryptions;
        this.archives = archives;
        this.errors = errors;
        this.intake = intake;
        this.custody = custody;
    }

    Reply put(ObjectRequest request) {
        UnofferedParameters.refuseToWrite(request);
        Headers headers = request.headers();
        ChecksumDemands demands = ChecksumDemands.of(headers, request.bucket());
        Conditions conditions = WriteConditions.of(headers);
        boolean extended = request.extended();
        Map<String, String> system = extended ? AttributeHeaders.readSystem(headers) : Map.of();
        Map<String, String> custom = extended ? AttributeHeaders.readCustom(headers) : CustomMetadata.read(headers);
        Sealing sealing = encryptions.ofNew(request);
        boolean conditional = !conditions.equals(Conditions.NONE);
        boolean versioned = request.bucket().versioning() != Versioning.OFF;
        Claim claim = conditional || versioned ? custody.claim(request) : Claim.NONE;
        // While the newest value may be elsewhere, it is not fetched for nothing but this. A version is made in any
        // case.
        boolean compares = !versioned && (conditional || request.view().isSettled());
        ObjectRecord same =
                compares ? custody.checked(request, () -> sameBytes(request, demands.given(), sealing)) : null;
        if (conditional) {
            custody.checked(request, () -> {
                ObjectRecord now = find(request);
                conditions.check(request.key(), now);
                return now;
            });
        }
        if (same != null) {
            drain(request.exchange().body());
            return stored(request, same);
        }
        Body body = request.exchange().body();
        Sealer sealer = sealing == null ? null : sealing.sealer();
        WriteOptions options = new WriteOptions(
                body.length(),
                demands.keep(),
                demands.verify(),
                system,
                custom,
                sealer,
                sealer == null ? archives.follower(request.key().name()) : null);
        return intake.take(
                request,
                new Intake.Demand(demands, conditions, claim),
                () -> store.begin(request.bucket(), request.key(), options));
    }

    /// Removes an object. Of a client's own message only its action counts.
    Reply delete(ObjectRequest request, ActionMessage message) {
        Check.argument(
                !message.action().equals(AisActions.EVICT_OBJECTS),
                "cannot evict %s: not a remote bucket",
                request.key().bucket());
        intake.requireWritable(request);
        boolean bypasses = request.headers().contains(NodeHeaders.BYPASS_GOVERNANCE);
        RemovalOptions options =
                new RemovalOptions(WriteConditions.of(request.headers()), request.extended(), bypasses);
        String version = VersionChoice.id(request);
        Removed removed = intake.translating(request, () -> custody.remove(request, version, options));
        if (removed == null) {
            throw NodeErrors.nothingToDelete(request.key());
        }
        Reply reply = Reply.of(200);
        if (request.extended()) {
            writeRemoved(removed, reply.headers());
        }
        return reply;
    }

    private static void writeRemoved(Removed removed, Headers headers) {
        Map<String, String> system = new TreeMap<>();
        if (!removed.versionId().isEmpty()) {
            system.put(VersionId.ATTRIBUTE, removed.versionId());
        }
        if (removed.marker()) {
            system.put(VersionId.MARKER, "true");
        }
        AttributeHeaders.writeSystem(system, headers);
    }

    /// Sets custom metadata: merges, or replaces all with `set-new-custom=true`.
    Reply patch(ObjectRequest request, ActionMessage message) {
        if (request.extended()) {
            return patchSystem(request);
        }
        Map<String, String> custom = CustomMetadata.read(message);
        intake.requireWritable(request);
        boolean replaces = AisQuery.isTrue(request.query().find(AisQuery.SET_NEW_CUSTOM, ""));
        if (!replaces) {
            custody.checked(request, () -> {
                checkMerged(request, custom);
                return null;
            });
        }
        MapChange change = replaces ? MapChange.REPLACE : MapChange.MERGE;
        intake.translating(request, () -> store.updateCustom(request.bucket(), request.key(), custom, change));
        return Reply.of(200);
    }

    /// A face's PATCH: merges its HTTP attributes into those of the object, which may be held to an entity tag.
    private Reply patchSystem(ObjectRequest request) {
        Map<String, String> system = AttributeHeaders.readSystem(request.headers());
        intake.requireWritable(request);
        String version = VersionChoice.id(request);
        Conditions conditions = WriteConditions.of(request.headers());
        ObjectRecord record = intake.translating(
                request,
                () -> store.updateSystem(
                        request.bucket(),
                        request.key().at(version),
                        system,
                        conditions,
                        request.headers().contains(NodeHeaders.BYPASS_GOVERNANCE)));
        return stored(request, encryptions.told(request, record));
    }

    /// The reply of a write: for a face everything that is known of the object, for AIStore's client its
    /// headers.
    ///
    /// @param record as its readers see it
    static Reply stored(ObjectRequest request, ObjectRecord record) {
        Headers headers = new Headers();
        if (request.extended()) {
            AttributeHeaders.write(record.attributes(), headers);
            Encryptions.addTo(record, headers);
        } else {
            NativeHeaders.write(record, request.bucket(), headers);
        }
        return new Reply(200, headers, Payload.none());
    }

    /// The stored object when it has that checksum already, and is encrypted as this one is to be: then nothing need
    /// be written.
    private @Nullable ObjectRecord sameBytes(
            ObjectRequest request, @Nullable Checksum given, @Nullable Sealing sealing) {
        if (given == null || AisQuery.isTrue(request.query().find(AisQuery.SKIP_VERSION_CHECK, ""))) {
            return null;
        }
        ObjectRecord record = find(request);
        if (record == null || !Encryptions.isEncryptedBy(record, sealing)) {
            return null;
        }
        ObjectRecord told = encryptions.told(request, record);
        return given.equals(told.checksum(given.type())) ? told : null;
    }

    private @Nullable ObjectRecord find(ObjectRequest request) {
        Bucket bucket = request.bucket();
        ObjectKey key = request.key();
        return store.find(bucket, key, Waiting.ALLOWED) instanceof ReadOutcome.Found found ? found.record() : null;
    }

    /// Metadata that grows by merging is held to the same limit.
    private void checkMerged(ObjectRequest request, Map<String, String> custom) {
        ObjectRecord record = find(request);
        if (record == null) {
            throw errors.noSuchObject(request.key());
        }
        Map<String, String> merged = new TreeMap<>(record.custom());
        merged.putAll(custom);
        CustomMetadata.check(merged);
    }

    private static void drain(Body body) {
        ByteBuffer bytes = body.next();
        while (bytes != null) {
            bytes = body.next();
        }
    }
}
