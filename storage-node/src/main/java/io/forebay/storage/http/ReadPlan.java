package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.RangeHeader;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.http.Headers;
import io.forebay.storage.crypto.OpenedRecord;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.object.ReadOutcome;
import org.jspecify.annotations.Nullable;

/// What one reader wants of the object, decided from its record before a byte moves. For one request; after `of` it
/// tells what was decided.
final class ReadPlan implements ReadOutcome.Choice {
    enum Verdict {
        SEND,
        NOT_MODIFIED,
        CONDITION_FAILED,
        OUT_OF_RANGE
    }

    private final ObjectRequest request;
    private final Encryptions encryptions;
    private final ReadConditions conditions;
    private final @Nullable String rangeText;
    private final @Nullable String rangeCondition;
    private final boolean lenient;
    private final int partNumber;
    private @Nullable OpenedRecord opened;
    private Verdict verdict = Verdict.SEND;
    private @Nullable ByteRange range;
    private @Nullable PartSpan part;
    private boolean partial;

    private ReadPlan(
            ObjectRequest request,
            Encryptions encryptions,
            ReadConditions conditions,
            @Nullable String rangeText,
            @Nullable String rangeCondition,
            boolean lenient,
            int partNumber) {
        this.request = request;
        this.encryptions = encryptions;
        this.conditions = conditions;
        this.rangeText = rangeText;
        this.rangeCondition = rangeCondition;
        this.lenient = lenient;
        this.partNumber = partNumber;
    }

    /// What a request wants. A face's range that is none is passed over, as S3 has it; AIStore's is not satisfiable.
    /// Conditions and parts are a face's only. Throws INVALID_ARGUMENT for a part number that is none.
    static ReadPlan of(ObjectRequest request, Encryptions encryptions) {
        Headers headers = request.headers();
        String range = headers.find("Range");
        if (!request.extended()) {
            return new ReadPlan(request, encryptions, ReadConditions.NONE, range, null, false, 0);
        }
        return new ReadPlan(
                request,
                encryptions,
                ReadConditions.of(headers),
                range,
                headers.find("If-Range"),
                true,
                partNumber(request));
    }

    /// A plan for all of the object, whatever the request says of ranges.
    static ReadPlan ofAll(ObjectRequest request, Encryptions encryptions) {
        return new ReadPlan(request, encryptions, ReadConditions.NONE, null, null, false, 0);
    }

    /// The stored bytes that are wanted. Throws what opening a sealed record throws, unless there is nothing to open.
    @Override
    public @Nullable ByteRange of(ObjectRecord record) {
        OpenedRecord open = record.isSealed() && !lacksPart(record) ? encryptions.open(request, record) : null;
        opened = open;
        ByteRange wanted = decide(told(record));
        return open == null || wanted == null ? wanted : open.stored(wanted);
    }

    /// What is wanted of the content of an object that this is told of.
    @Nullable
    ByteRange decide(ObjectRecord record) {
        range = null;
        part = null;
        partial = false;
        verdict = judge(record);
        if (verdict == Verdict.SEND) {
            choose(record);
        }
        return verdict == Verdict.SEND ? range : null;
    }

    /// The record, as its readers see it, that the plan was made for.
    ObjectRecord told(ObjectRecord record) {
        OpenedRecord open = opened;
        return open == null ? record : open.record();
    }

    /// The sealed record, opened, that the plan was made for; null when it is not sealed.
    @Nullable
    OpenedRecord opened() {
        return opened;
    }

    Verdict verdict() {
        return verdict;
    }

    /// The bytes to send; null for none.
    @Nullable
    ByteRange range() {
        return range;
    }

    /// The part that was asked for, or null.
    @Nullable
    PartSpan part() {
        return part;
    }

    /// Whether the reply is `206 Partial Content`.
    boolean partial() {
        return partial;
    }

    /// Whether a range was asked for, known before the object is.
    boolean asksForRange() {
        return rangeText != null;
    }

    /// The header of a partial reply.
    String contentRange(ObjectRecord record) {
        ByteRange sent = range;
        return sent == null
                ? "bytes */" + record.contentSize()
                : "bytes " + sent.offset() + "-" + sent.last() + "/" + record.contentSize();
    }

    StoreException outOfRange(ObjectRecord record) {
        String text = rangeText == null ? "part " + partNumber : rangeText;
        return new StoreException(
                ErrorCode.RANGE_NOT_SATISFIABLE,
                "size=" + record.contentSize() + ": not satisfiable range [" + text + "]");
    }

    private Verdict judge(ObjectRecord record) {
        if (conditions.isNone()) {
            return Verdict.SEND;
        }
        return switch (conditions.judge(record.etag(), record.modifiedMillis())) {
            case PROCEED -> Verdict.SEND;
            case NOT_MODIFIED -> Verdict.NOT_MODIFIED;
            case FAILED -> Verdict.CONDITION_FAILED;
        };
    }

    private void choose(ObjectRecord record) {
        if (partNumber > 0) {
            choosePart(record);
        } else if (rangeText != null && isStillTheSame(record)) {
            chooseRange(rangeText, record);
        } else {
            chooseAll(record);
        }
    }

    /// Whether a reader that goes on where it stopped (`If-Range`) would go on with the same content; another one is
    /// sent whole.
    private boolean isStillTheSame(ObjectRecord record) {
        return rangeCondition == null || ReadConditions.isSame(rangeCondition, record.etag(), record.modifiedMillis());
    }

    private void chooseAll(ObjectRecord record) {
        range = record.size() == 0 ? null : new ByteRange(0, record.size());
    }

    private void chooseRange(String text, ObjectRecord record) {
        RangeHeader header = RangeHeader.parse(text);
        if (header == null && lenient) {
            chooseAll(record);
            return;
        }
        ByteRange wanted = header == null ? null : header.resolve(record.size());
        if (wanted == null) {
            verdict = Verdict.OUT_OF_RANGE;
        } else {
            range = wanted;
            partial = true;
        }
    }

    /// A plain object is its own and only part.
    private void choosePart(ObjectRecord record) {
        if (lacksPart(record)) {
            verdict = Verdict.OUT_OF_RANGE;
            return;
        }
        PartSpan wanted = record.partCount() == 0 ? null : record.part(partNumber);
        if (wanted == null) {
            chooseAll(record);
            partial = range != null;
            return;
        }
        part = wanted;
        if (wanted.length() > 0) {
            range = new ByteRange(wanted.offset(), wanted.length());
            partial = true;
        }
    }

    /// Whether a part is asked for that the object has not.
    private boolean lacksPart(ObjectRecord record) {
        return record.partCount() == 0 ? partNumber > 1 : partNumber > 0 && record.part(partNumber) == null;
    }

    private static int partNumber(ObjectRequest request) {
        String text = request.query().find(AisQuery.PART_NUMBER);
        return text == null ? 0 : PartNumbers.parse(text, PartNumbers.MAX_OF_S3);
    }
}
