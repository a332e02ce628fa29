package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.crypto.OpenedRecord;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// GET of one object, whole or a range, and HEAD for a face. Answers without waiting whenever the kernel can.
final class ObjectReads {
    private static final String VALIDATE_EVERY_READ = "checksum.validate_warm_get";
    private static final String CHECKSUM_RANGES = "checksum.enable_read_range";

    private final ObjectStore store;
    private final VersionChoice versions;
    private final StoredChecks checks;
    private final Encryptions encryptions;
    private final ArchiveReads archives;
    private final NodeErrors errors;
    private final LongAdder readBytes;

    ObjectReads(
            ObjectStore store,
            StoredChecks checks,
            Encryptions encryptions,
            ArchiveReads archives,
            NodeErrors errors,
            LongAdder readBytes) {
        this.store = store;
        this.archives = archives;
        this.versions = new VersionChoice(store);
        this.checks = checks;
        this.encryptions = encryptions;
        this.errors = errors;
        this.readBytes = readBytes;
    }

    Reply get(ObjectRequest request) {
        UnofferedParameters.refuseToRead(request);
        if (ArchiveReads.areAskedBy(request.query())) {
            return archives.get(request);
        }
        if (MembersRequest.isIn(request.query())) {
            return archives.members(request);
        }
        ReadPlan plan = ReadPlan.of(request, encryptions);
        boolean validates = validates(request);
        boolean checksumsRange = plan.asksForRange() && !request.extended() && isOn(request, CHECKSUM_RANGES);
        if ((validates || checksumsRange) && !request.exchange().mayWait()) {
            return Reply.WOULD_WAIT;
        }
        if (validates) {
            checks.verify(request.bucket(), request.key());
        }
        VersionChoice.Meant meant = versions.read(request, plan);
        return switch (meant.outcome()) {
            case ReadOutcome.WouldWait wait -> Reply.WOULD_WAIT;
            case ReadOutcome.Absent absent -> throw absent(request);
            case ReadOutcome.Found found -> owning(request.of(meant.key()), plan, found, checksumsRange);
        };
    }

    /// HEAD with `Forebay-Attributes`: a GET's head, range and part included.
    Reply head(ObjectRequest request) {
        ReadPlan plan = ReadPlan.of(request, encryptions);
        return switch (versions.find(request).outcome()) {
            case ReadOutcome.WouldWait wait -> Reply.WOULD_WAIT;
            case ReadOutcome.Absent absent -> throw absent(request);
            case ReadOutcome.Found found -> {
                HeldRequest.check(request, found.record());
                yield described(request, plan, encryptions.told(request, found.record()));
            }
        };
    }

    /// Closes the slices unless they are handed on.
    private Reply owning(ObjectRequest request, ReadPlan plan, ReadOutcome.Found found, boolean checksumsRange) {
        boolean handedOn = false;
        try {
            Reply reply = reply(request, plan, found, checksumsRange);
            handedOn = true;
            return reply;
        } finally {
            if (!handedOn) {
                found.slices().forEach(FileSlice::close);
            }
        }
    }

    private Reply reply(ObjectRequest request, ReadPlan plan, ReadOutcome.Found found, boolean checksumsRange) {
        HeldRequest.check(request, found.record());
        ObjectRecord record = plan.told(found.record());
        List<FileSlice> slices = found.slices();
        if (plan.verdict() != ReadPlan.Verdict.SEND) {
            return unsent(request, plan, record);
        }
        Headers headers = new Headers();
        ChecksumType type = NativeHeaders.type(request.bucket());
        if (request.extended()) {
            writeExtended(plan, record, headers);
        } else if (checksumsRange && type != null) {
            Checksum ofRange = StoredChecks.of(type, content(plan, slices));
            NativeHeaders.write(record, request.bucket(), ofRange, headers);
            headers.add("Content-Type", "application/octet-stream");
        } else {
            NativeHeaders.write(record, request.bucket(), headers);
            headers.add("Content-Type", "application/octet-stream");
        }
        writeRange(plan, record, headers);
        readBytes.add(length(plan));
        Payload payload = slices.isEmpty() ? Payload.none() : payload(request, plan, found);
        return new Reply(plan.partial() ? 206 : 200, headers, payload);
    }

    /// The bytes that the plan wants, decrypted where they are ciphertext: then they pass through this process.
    private Payload payload(ObjectRequest request, ReadPlan plan, ReadOutcome.Found found) {
        if (plan.opened() == null) {
            return new Payload.Slices(found.slices());
        }
        return new Payload.Stream(new WatchedSource(
                content(plan, found.slices()),
                what -> store.reportDamage(request.bucket(), request.key(), found.record(), what)));
    }

    /// The bytes that a plan wants as a source, which owns the slices.
    static ByteSource content(ReadPlan plan, List<FileSlice> slices) {
        OpenedRecord opened = plan.opened();
        ByteRange range = plan.range();
        return opened == null || range == null
                ? new PayloadSource(new Payload.Slices(slices))
                : opened.source(slices, range);
    }

    private Reply described(ObjectRequest request, ReadPlan plan, ObjectRecord record) {
        plan.decide(record);
        if (plan.verdict() != ReadPlan.Verdict.SEND) {
            return unsent(request, plan, record);
        }
        Headers headers = new Headers();
        writeExtended(plan, record, headers);
        writeRange(plan, record, headers);
        return new Reply(plan.partial() ? 206 : 200, headers, new Payload.Described(length(plan)));
    }

    private Reply unsent(ObjectRequest request, ReadPlan plan, ObjectRecord record) {
        return switch (plan.verdict()) {
            case NOT_MODIFIED -> notModified(record);
            case OUT_OF_RANGE ->
                errors.render(plan.outOfRange(record), request.exchange())
                        .with("Content-Range", plan.contentRange(record));
            case CONDITION_FAILED, SEND -> throw conditionFailed(request.key());
        };
    }

    private static Reply notModified(ObjectRecord record) {
        Headers headers = new Headers();
        AttributeHeaders.write(record.attributes(), headers);
        Encryptions.addTo(record, headers);
        return new Reply(304, headers, Payload.none());
    }

    private static void writeExtended(ReadPlan plan, ObjectRecord record, Headers headers) {
        AttributeHeaders.write(record.attributes(), headers);
        Encryptions.addTo(record, headers);
        Checksum ofPart = plan.part() == null ? null : plan.part().checksum();
        if (ofPart != null) {
            headers.add(NodeHeaders.PART_CHECKSUM, ofPart.type().wireName() + "=" + ofPart.hex());
        }
    }

    private static void writeRange(ReadPlan plan, ObjectRecord record, Headers headers) {
        if (plan.partial()) {
            headers.add("Accept-Ranges", "bytes");
            headers.add("Content-Range", plan.contentRange(record));
        }
    }

    private static long length(ReadPlan plan) {
        ByteRange range = plan.range();
        return range == null ? 0 : range.length();
    }

    private boolean validates(ObjectRequest request) {
        String asked = request.query().find(AisQuery.VALIDATE_CHECKSUM);
        return (asked != null && AisQuery.isTrue(asked)) || isOn(request, VALIDATE_EVERY_READ);
    }

    private static boolean isOn(ObjectRequest request, String property) {
        return "true".equals(request.bucket().properties().get(property));
    }

    private StoreException absent(ObjectRequest request) {
        HeldRequest.checkAbsent(request);
        return errors.noSuchObject(request.key());
    }

    private static StoreException conditionFailed(ObjectKey key) {
        return new StoreException(ErrorCode.PRECONDITION_FAILED, "a condition that was sent does not hold of " + key);
    }
}
