package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.CompletedPart;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.crypto.Sealer;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Seal;
import io.forebay.storage.multipart.ChecksumAgreement;
import io.forebay.storage.multipart.CompletionRequest;
import io.forebay.storage.multipart.CompletionRequest.NamedPart;
import io.forebay.storage.multipart.CompletionRequest.PartRule;
import io.forebay.storage.multipart.MultipartUploads;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.Part;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Multipart uploads on the wire: create, part, list, complete, abort.
final class UploadRequests {
    private static final String JSON = "application/json";

    private final MultipartUploads uploads;
    private final Encryptions encryptions;
    private final Intake intake;
    private final int maxParts;

    /// @param maxParts the highest part number of AIStore's clients; S3's is its own
    UploadRequests(MultipartUploads uploads, Encryptions encryptions, Intake intake, int maxParts) {
        this.uploads = uploads;
        this.encryptions = encryptions;
        this.intake = intake;
        this.maxParts = maxParts;
    }

    /// POST `mpt-upload`: the reply's text is the id.
    Reply create(ObjectRequest request) {
        intake.requireWritable(request);
        Headers headers = request.headers();
        boolean extended = request.extended();
        String agreed = headers.find(NodeHeaders.UPLOAD_CHECKSUM, "");
        Seal seal = encryptions.ofNewUpload(request);
        String id = intake.translating(
                request,
                () -> uploads.create(
                        request.bucket(),
                        request.key(),
                        extended ? ChecksumAgreement.parse(agreed) : ChecksumAgreement.NATIVE,
                        extended ? AttributeHeaders.readSystem(headers) : Map.of(),
                        extended ? AttributeHeaders.readCustom(headers) : CustomMetadata.read(headers),
                        seal));
        Reply reply = Reply.text(200, id);
        if (extended) {
            Encryptions.add(seal, reply.headers());
        }
        return reply;
    }

    /// PUT with `uploadId` and `partNumber`: what was stored, and what was agreed on the checksum. AIStore's parts have
    /// bytes, and their number is announced.
    Reply put(ObjectRequest request) {
        String id = id(request);
        boolean extended = request.extended();
        int number = PartNumbers.parse(
                request.query().find(AisQuery.PART_NUMBER, ""), extended ? PartNumbers.MAX_OF_S3 : maxParts);
        Body body = request.exchange().body();
        ChecksumDemands demands = ChecksumDemands.of(request.headers(), request.bucket());
        Upload upload = uploads.find(request.bucket(), request.key(), id);
        Check.argument(extended || body.length() > 0, "%s: put-part invalid size (%s)", request.key(), body.length());
        Sealing sealing = encryptions.ofUpload(request, upload);
        Sealer sealer = sealing == null ? null : sealing.sealer();
        WriteOptions options =
                new WriteOptions(body.length(), demands.keep(), demands.verify(), Map.of(), Map.of(), sealer);
        Reply reply = intake.take(
                request,
                new Intake.Demand(demands, Conditions.NONE, Claim.NONE),
                () -> uploads.beginPart(request.bucket(), request.key(), id, number, options));
        return extended && !upload.note().isEmpty() ? reply.with(NodeHeaders.UPLOAD_CHECKSUM, upload.note()) : reply;
    }

    /// GET with `uploadId`: a JSON array of the parts, and what was agreed on the checksum.
    Reply list(ObjectRequest request) {
        String id = id(request);
        Upload upload = uploads.find(request.bucket(), request.key(), id);
        List<PartInfo> infos = new ArrayList<>();
        for (Part part : uploads.parts(request.bucket(), request.key(), id)) {
            ObjectRecord record = encryptions.told(request, part.record());
            infos.add(new PartInfo(
                    part.number(), record.size(), record.modifiedMillis(), record.etag(), hexByType(record)));
        }
        Reply reply = Reply.of(200, JSON, WireJson.write(infos));
        AttributeHeaders.writeSystem(upload.system(), reply.headers());
        AttributeHeaders.writeCustom(upload.custom(), reply.headers());
        Encryptions.add(upload.seal(), reply.headers());
        return upload.note().isEmpty() ? reply : reply.with(NodeHeaders.UPLOAD_CHECKSUM, upload.note());
    }

    /// POST `mpt-complete`.
    Reply complete(ObjectRequest request, ActionMessage message) {
        String id = id(request);
        CompletionRequest completion = completion(request, parts(message));
        intake.requireWritable(request);
        Sealing sealing = encryptions.ofCompletion(request, uploads.find(request.bucket(), request.key(), id));
        ObjectRecord record = intake.translating(
                request, () -> uploads.complete(request.bucket(), request.key(), id, completion, sealing));
        return ObjectWrites.stored(
                request, sealing == null ? record : sealing.open(record).record());
    }

    /// DELETE with `uploadId`.
    Reply abort(ObjectRequest request) {
        uploads.abort(request.bucket(), request.key(), id(request));
        return Reply.of(200);
    }

    private static CompletionRequest completion(ObjectRequest request, List<NamedPart> parts) {
        Headers headers = request.headers();
        if (!request.extended()) {
            return new CompletionRequest(
                    parts, PartRule.EXACTLY_ALL, 0, ChecksumDemands.given(headers), null, Conditions.NONE);
        }
        String expected = headers.find(NodeHeaders.UPLOAD_CHECKSUM);
        boolean composite = expected != null && expected.lastIndexOf('-') > 0;
        return new CompletionRequest(
                parts,
                PartRule.ASCENDING_CHOICE,
                minPartBytes(headers),
                expected == null || composite ? null : checksum(NodeHeaders.UPLOAD_CHECKSUM, expected),
                composite ? expected : null,
                WriteConditions.of(headers));
    }

    /// The parts that a completion names. Throws INVALID_ARGUMENT.
    static List<NamedPart> parts(ActionMessage message) {
        Object value = message.value();
        Check.argument(value instanceof List<?>, "nil parts list");
        List<NamedPart> named = new ArrayList<>();
        for (CompletedPart part : WireJson.convert(value == null ? List.of() : value, CompletedPart[].class)) {
            Check.argument(part != null, "a part of the list is null");
            String etag = part.etag() == null ? "" : part.etag();
            String checksum = part.checksum();
            named.add(new NamedPart(
                    part.partNumber(), etag, checksum == null ? null : checksum("part checksum", checksum)));
        }
        return named;
    }

    private static long minPartBytes(Headers headers) {
        String text = headers.find(NodeHeaders.MIN_PART_SIZE, "0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, NodeHeaders.MIN_PART_SIZE + " is not a number: \"" + text + "\"", e);
        }
    }

    /// A checksum of the form `type=hex`.
    private static Checksum checksum(String where, String text) {
        int equals = text.indexOf('=');
        @Nullable ChecksumType type = equals < 0 ? null : ChecksumType.find(text.substring(0, equals));
        if (type == null) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "invalid " + where + " \"" + text + "\": expecting type=hex");
        }
        return new Checksum(type, text.substring(equals + 1));
    }

    private static String id(ObjectRequest request) {
        String id = request.query().find(AisQuery.UPLOAD_ID, "");
        Check.argument(!id.isEmpty(), "upload id is missing");
        return id;
    }

    private static Map<String, String> hexByType(ObjectRecord record) {
        Map<String, String> byType = new TreeMap<>();
        for (Checksum checksum : record.checksums()) {
            byType.put(checksum.type().wireName(), checksum.hex());
        }
        return byType;
    }
}
