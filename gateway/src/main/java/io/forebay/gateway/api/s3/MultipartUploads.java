package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Uploads in parts, up to their completion: create, upload a part, list the parts, abort.
final class MultipartUploads {
    private static final int MAX_ID_BYTES = 1024;
    private static final int MAX_PART_LIST_BYTES = 16 * 1024 * 1024;

    private final S3Config config;
    private final AccessControls controls;
    private final ObjectLocks locks;
    private final EncryptionHeaders encryption;
    private final Buckets buckets;
    private final Objects objects;

    MultipartUploads(
            S3Config config,
            AccessControls controls,
            ObjectLocks locks,
            EncryptionHeaders encryption,
            Buckets buckets,
            Objects objects) {
        this.config = config;
        this.encryption = encryption;
        this.controls = controls;
        this.locks = locks;
        this.buckets = buckets;
        this.objects = objects;
    }

    /// The native query of one part.
    static String partQuery(String uploadId, int number) {
        return uploadQuery(uploadId) + "&partNumber=" + number;
    }

    static String uploadQuery(String uploadId) {
        return "uploadId=" + PercentCode.encode(uploadId);
    }

    /// CreateMultipartUpload.
    Reply create(S3Call call) {
        ObjectKey key = call.key();
        Bucket bucket = buckets.require(key.bucket());
        String algorithm = call.header("x-amz-checksum-algorithm");
        String type = call.header("x-amz-checksum-type");
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        headers.add(NodeHeaders.UPLOAD_CHECKSUM, agreement(algorithm, type));
        Headers given = call.exchange().request().headers();
        MetadataHeaders.add(given, config, headers);
        encryption.addAsked(call, given, headers);
        ObjectTags.addGiven(call.header(TagSet.ATTRIBUTE), headers);
        controls.addGiven(call.caller(), bucket, given, headers);
        locks.addGiven(given, bucket, headers);
        Reply node = act(call, key, "", headers, AisActions.CREATE_UPLOAD, null);
        String id;
        try (PayloadSource payload = new PayloadSource(node.payload())) {
            id = new String(payload.readAll(MAX_ID_BYTES), StandardCharsets.UTF_8).strip();
        }
        Headers out = new Headers();
        EncryptionHeaders.tell(node.headers().find(NodeHeaders.ENCRYPTION), given, out);
        if (algorithm != null) {
            String agreed = agreement(algorithm, type);
            out.add("x-amz-checksum-algorithm", S3Checksums.name(requireType(algorithm)));
            out.add("x-amz-checksum-type", agreed.substring(agreed.indexOf(':') + 1));
        }
        XmlWriter xml = XmlWriter.of("InitiateMultipartUploadResult")
                .element("Bucket", key.bucket().name())
                .element("Key", key.name())
                .element("UploadId", id);
        return S3Replies.xml(200, out, xml);
    }

    /// What is agreed of the upload's checksum, as the node has it. Throws InvalidRequest.
    private static String agreement(@Nullable String algorithm, @Nullable String type) {
        if (algorithm == null) {
            if (type != null) {
                throw new S3Failure(
                        S3Error.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return ChecksumType.CRC64NVME.wireName() + ":" + S3Checksums.FULL_OBJECT;
        }
        ChecksumType checksum = requireType(algorithm);
        boolean onlyFull = checksum == ChecksumType.CRC64NVME;
        boolean mayBeFull = onlyFull || checksum == ChecksumType.CRC32 || checksum == ChecksumType.CRC32C;
        String form = type != null ? type : onlyFull ? S3Checksums.FULL_OBJECT : S3Checksums.COMPOSITE;
        boolean known = form.equals(S3Checksums.FULL_OBJECT) || form.equals(S3Checksums.COMPOSITE);
        boolean allowed = form.equals(S3Checksums.FULL_OBJECT) ? mayBeFull : !onlyFull;
        if (!known || !allowed) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    known
                            ? "The " + form + " checksum type cannot be used with the " + S3Checksums.name(checksum)
                                    + " checksum algorithm."
                            : "Value for x-amz-checksum-type header is invalid.");
        }
        return checksum.wireName() + ":" + form;
    }

    private static ChecksumType requireType(String algorithm) {
        ChecksumType type = S3Checksums.find(algorithm);
        if (type == null) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32,"
                            + " CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3, XXHASH128]");
        }
        return type;
    }

    /// UploadPart.
    Reply uploadPart(S3Call call) {
        int number = call.partNumber();
        ObjectKey key = call.key();
        Bucket bucket = buckets.require(key.bucket());
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        encryption.addKey(call, headers);
        RequestBody body = RequestBody.open(call, config, bucket.keepsMd5(), null, headers);
        String nativeQuery = partQuery(call.parameter("uploadId"), number);
        Reply node;
        try {
            node = objects.call(call.exchange(), key, Method.PUT, nativeQuery, headers, body.bytes());
        } catch (StoreException e) {
            throw body.explain(e);
        }
        node.payload().close();
        Headers given = call.exchange().request().headers();
        ChecksumType told = body.used() == null ? agreed(node.headers()) : body.used();
        Headers out = ObjectAnswer.written(node.headers(), given, told).remove("x-amz-checksum-type");
        return new Reply(200, out, Payload.none());
    }

    /// AbortMultipartUpload.
    Reply abort(S3Call call) {
        ObjectKey key = call.key();
        buckets.require(key.bucket());
        byte[] message = WireJson.write(new ActionMessage(AisActions.ABORT_UPLOAD, "", null));
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1").add("Content-Length", message.length);
        objects.call(
                        call.exchange(),
                        key,
                        Method.DELETE,
                        uploadQuery(call.parameter("uploadId")),
                        headers,
                        MemoryBody.of(message))
                .payload()
                .close();
        return S3Replies.empty(204);
    }

    /// ListParts.
    Reply listParts(S3Call call) {
        int after = call.number("part-number-marker", 0);
        int limit = call.limit("max-parts");
        ObjectKey key = call.key();
        Bucket bucket = buckets.require(key.bucket());
        UploadedParts uploaded = parts(call, key, call.parameter("uploadId"));
        List<PartInfo> rest =
                uploaded.parts().stream().filter(part -> part.number() > after).toList();
        List<PartInfo> page = rest.subList(0, Math.min(limit, rest.size()));
        boolean truncated = page.size() < rest.size() && limit > 0;
        XmlWriter xml = XmlWriter.of("ListPartsResult")
                .element("Bucket", key.bucket().name())
                .element("Key", key.name())
                .element("UploadId", call.parameter("uploadId"))
                .element("PartNumberMarker", after);
        if (truncated) {
            xml.element("NextPartNumberMarker", page.getLast().number());
        }
        xml.element("MaxParts", limit).element("IsTruncated", truncated);
        String agreed = uploaded.agreement();
        ChecksumType type = algorithm(agreed);
        page.forEach(part -> addPart(part, type, xml));
        Account owner = controls.ownerOf(bucket, uploaded.list());
        Owners.add("Initiator", owner, xml);
        Owners.add("Owner", owner, xml);
        xml.element("StorageClass", "STANDARD");
        if (type != null) {
            xml.element("ChecksumAlgorithm", S3Checksums.name(type));
            xml.element("ChecksumType", agreed.substring(agreed.indexOf(':') + 1));
        }
        return S3Replies.xml(200, xml);
    }

    /// @param agreement the upload's checksum as `algorithm:form`, or empty
    /// @param list the access control list of the object to be; null for none of its own
    record UploadedParts(
            List<PartInfo> parts,
            String agreement,
            @Nullable String list) {}

    /// The parts of an upload by number. Throws NO_SUCH_UPLOAD.
    UploadedParts parts(S3Call call, ObjectKey key, String uploadId) {
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        Reply node = objects.call(call.exchange(), key, Method.GET, uploadQuery(uploadId), headers, Body.empty());
        try (PayloadSource payload = new PayloadSource(node.payload())) {
            return new UploadedParts(
                    WireJson.readList(payload.readAll(MAX_PART_LIST_BYTES), PartInfo.class),
                    node.headers().find(NodeHeaders.UPLOAD_CHECKSUM, ""),
                    AttributeHeaders.readSystem(node.headers()).get(ObjectAccess.LIST));
        }
    }

    /// The algorithm that was agreed of an upload, where the node's answer says it.
    static @Nullable ChecksumType agreed(Headers node) {
        return algorithm(node.find(NodeHeaders.UPLOAD_CHECKSUM, ""));
    }

    /// The algorithm of an agreement `algorithm:form`; null of an empty one.
    static @Nullable ChecksumType algorithm(String agreement) {
        int colon = agreement.indexOf(':');
        return colon < 0 ? null : ChecksumType.find(agreement.substring(0, colon));
    }

    private static void addPart(PartInfo part, @Nullable ChecksumType agreed, XmlWriter xml) {
        xml.open("Part")
                .element("PartNumber", part.number())
                .element("LastModified", S3Time.iso(part.modifiedMillis()))
                .etag(part.etag())
                .element("Size", part.size());
        S3Checksums.addAll(part.checksums(), agreed, xml);
        xml.close();
    }

    /// Sends a control message about the object.
    Reply act(S3Call call, ObjectKey key, String nativeQuery, Headers headers, String action, @Nullable Object value) {
        byte[] message = WireJson.write(new ActionMessage(action, "", value));
        headers.add("Content-Type", "application/json").add("Content-Length", message.length);
        return objects.call(call.exchange(), key, Method.POST, nativeQuery, headers, MemoryBody.of(message));
    }

    Bucket bucket(BucketName name) {
        return buckets.require(name);
    }
}
