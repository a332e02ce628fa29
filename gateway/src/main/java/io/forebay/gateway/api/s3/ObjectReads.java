package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.RangeHeader;
import io.forebay.common.model.Versioning;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reading one object: GetObject, HeadObject, GetObjectAttributes.
final class ObjectReads {
    private static final String[] CONDITIONS = {
        "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"
    };
    private static final List<String> ATTRIBUTES =
            List.of("Checksum", "ETag", "ObjectParts", "ObjectSize", "StorageClass");
    private static final int MAX_PARTS = 1000;
    private static final int MAX_PART_LIST_BYTES = 16 * 1024 * 1024;

    private final Gatekeeper gate;
    private final Buckets buckets;
    private final ObjectVersions versions;
    private final EncryptionHeaders encryption;
    private final Objects objects;
    private final Expirations expirations;

    ObjectReads(
            Gatekeeper gate,
            Buckets buckets,
            ObjectVersions versions,
            EncryptionHeaders encryption,
            Objects objects,
            Expirations expirations) {
        this.gate = gate;
        this.buckets = buckets;
        this.versions = versions;
        this.encryption = encryption;
        this.objects = objects;
        this.expirations = expirations;
    }

    /// GetObject and HeadObject.
    Reply read(S3Call call, Method method) {
        ObjectKey key = call.versionKey();
        Bucket bucket = buckets.require(key.bucket());
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        boolean keyed = encryption.addKeyToRead(call, headers);
        for (String condition : CONDITIONS) {
            String value = call.header(condition);
            if (value != null) {
                headers.add(condition, value);
            }
        }
        String range = call.header("Range");
        String nativeQuery = "";
        if (call.query().contains("partNumber")) {
            int number = call.partNumber();
            if (range != null) {
                throw new S3Failure(
                        S3Error.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
            }
            nativeQuery = "partNumber=" + number;
        } else if (range != null && RangeHeader.parse(range) != null) {
            headers.add("Range", range);
        }
        Reply node;
        try {
            node = call(call, key, method, nativeQuery, headers, range);
        } catch (S3Failure | StoreException e) {
            boolean looks = gate.hasToLook(call);
            if ((looks || bucket.versioning() != Versioning.OFF)
                    && !call.exchange().mayWait()) {
                return Reply.WOULD_WAIT;
            }
            throw explained(call, key, looks ? failureOfLook(call, e) : e);
        }
        if (node.wouldWait()) {
            return node;
        }
        try {
            gate.confirm(call, Action.GET_OBJECT, key, node.headers());
            if (key.isVersion()) {
                ObjectVersions.requireObject(node.headers());
            }
        } catch (S3Failure | StoreException e) {
            node.payload().close();
            throw e;
        }
        EncryptionHeaders.check(keyed, node);
        Headers answer = ObjectAnswer.read(call, node.status(), node.headers());
        ObjectVersions.addId(bucket, node.headers(), answer);
        if (!key.isVersion()) {
            expirations.addTo(call, node.headers(), answer);
        }
        return new Reply(node.status(), answer, node.payload());
    }

    /// What a read that failed may be told: why, or that it may not be told.
    private RuntimeException failureOfLook(S3Call call, RuntimeException failure) {
        try {
            gate.look(call);
            return failure;
        } catch (S3Failure | StoreException e) {
            return e;
        }
    }

    private RuntimeException explained(S3Call call, ObjectKey key, RuntimeException failure) {
        return key.isVersion() || gate.hidesAbsence(call, failure) ? failure : versions.explainAbsence(call, failure);
    }

    private Reply call(
            S3Call call, ObjectKey key, Method method, String nativeQuery, Headers headers, @Nullable String range) {
        try {
            return objects.call(call.exchange(), key, method, nativeQuery, headers, Body.empty());
        } catch (StoreException e) {
            if (e.code() == ErrorCode.RANGE_NOT_SATISFIABLE && range == null) {
                throw new S3Failure(S3Error.INVALID_PART, "The requested part does not exist in the object.");
            }
            if (e.code() == ErrorCode.RANGE_NOT_SATISFIABLE) {
                throw new S3Failure(
                        S3Error.INVALID_RANGE, S3Error.INVALID_RANGE.message(), Map.of("RangeRequested", range));
            }
            throw e;
        }
    }

    /// GetObjectAttributes.
    Reply attributes(S3Call call) {
        ObjectKey key = call.versionKey();
        Set<String> wanted = wanted(call);
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1").add(NodeHeaders.PARTS, "1");
        boolean keyed = encryption.addKeyToRead(call, headers);
        Reply node;
        try {
            node = objects.call(call.exchange(), key, Method.GET, "", headers, Body.empty());
        } catch (StoreException e) {
            throw explained(call, key, e);
        }
        EncryptionHeaders.check(keyed, node);
        List<PartInfo> parts;
        try (PayloadSource payload = new PayloadSource(node.payload())) {
            ObjectVersions.requireObject(node.headers());
            parts = WireJson.readList(payload.readAll(MAX_PART_LIST_BYTES), PartInfo.class);
        }
        ObjectAttributes attributes = AttributeHeaders.read(node.headers());
        XmlWriter xml = XmlWriter.of("GetObjectAttributesResponse");
        if (wanted.contains("ETag")) {
            xml.element("ETag", attributes.etag());
        }
        if (wanted.contains("Checksum")) {
            S3Checksums.Told told = S3Checksums.Told.of(attributes);
            if (told != null) {
                told.addTo(xml.open("Checksum"));
                xml.close();
            }
        }
        if (wanted.contains("ObjectParts") && !parts.isEmpty()) {
            addParts(call, attributes, parts, xml);
        }
        if (wanted.contains("StorageClass")) {
            xml.element("StorageClass", "STANDARD");
        }
        if (wanted.contains("ObjectSize")) {
            xml.element("ObjectSize", attributes.size());
        }
        Reply reply = S3Replies.xml(200, xml);
        reply.headers().add("Last-Modified", HttpDate.format(attributes.modifiedMillis()));
        ObjectVersions.addId(buckets.require(key.bucket()), node.headers(), reply.headers());
        return reply;
    }

    private static Set<String> wanted(S3Call call) {
        Set<String> wanted = new TreeSet<>();
        for (String line : call.exchange().request().headers().all("x-amz-object-attributes")) {
            for (int from = 0; from <= line.length(); ) {
                int end = line.indexOf(',', from);
                end = end < 0 ? line.length() : end;
                String name = line.substring(from, end).strip();
                if (!name.isEmpty()) {
                    wanted.add(name);
                }
                from = end + 1;
            }
        }
        if (wanted.isEmpty() || !ATTRIBUTES.containsAll(wanted)) {
            throw S3Failure.invalidArgument(
                    "x-amz-object-attributes", String.join(",", wanted), "Invalid attribute name specified.");
        }
        return wanted;
    }

    private static void addParts(S3Call call, ObjectAttributes attributes, List<PartInfo> parts, XmlWriter xml) {
        String marker = call.header("x-amz-part-number-marker");
        String limit = call.header("x-amz-max-parts");
        int after = marker == null ? 0 : S3Call.number("x-amz-part-number-marker", marker);
        int maxParts = limit == null ? MAX_PARTS : Math.min(MAX_PARTS, S3Call.number("x-amz-max-parts", limit));
        List<PartInfo> rest =
                parts.stream().filter(part -> part.number() > after).toList();
        List<PartInfo> page = rest.subList(0, Math.min(maxParts, rest.size()));
        boolean truncated = page.size() < rest.size() && maxParts > 0;
        String composite = attributes.compositeChecksum();
        ChecksumType agreed = composite == null ? null : S3Checksums.compositeType(composite);
        xml.open("ObjectParts")
                .element("PartsCount", parts.size())
                .element("PartNumberMarker", after)
                .element(
                        "NextPartNumberMarker",
                        page.isEmpty() ? after : page.getLast().number())
                .element("MaxParts", maxParts)
                .element("IsTruncated", truncated);
        for (PartInfo part : page) {
            xml.open("Part").element("PartNumber", part.number()).element("Size", part.size());
            S3Checksums.addAll(part.checksums(), agreed, xml);
            xml.close();
        }
        xml.close();
    }
}
