package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.common.model.RangeHeader;
import io.forebay.common.model.VersionId;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Copying on the server: CopyObject and UploadPartCopy. The bytes stream from the source's owner to the target's.
final class Copies {
    private final S3Config config;
    private final Gatekeeper gate;
    private final AccessControls controls;
    private final ObjectLocks locks;
    private final EncryptionHeaders encryption;
    private final Buckets buckets;
    private final Objects objects;
    private final Expirations expirations;

    Copies(
            S3Config config,
            Gatekeeper gate,
            AccessControls controls,
            ObjectLocks locks,
            EncryptionHeaders encryption,
            Buckets buckets,
            Objects objects,
            Expirations expirations) {
        this.config = config;
        this.encryption = encryption;
        this.gate = gate;
        this.controls = controls;
        this.locks = locks;
        this.buckets = buckets;
        this.objects = objects;
        this.expirations = expirations;
    }

    /// CopyObject.
    Reply copyObject(S3Call call) {
        ObjectKey target = call.key();
        Bucket bucket = buckets.require(target.bucket());
        CopySource source = CopySource.of(call);
        boolean replaces = replaces(call, "x-amz-metadata-directive");
        boolean replacesTags = replaces(call, "x-amz-tagging-directive");
        Headers given = call.exchange().request().headers();
        if (source.key().equals(target) && !replaces && !EncryptionHeaders.mayChange(given)) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing"
                            + " the object's metadata, storage class, website redirect location or encryption"
                            + " attributes.");
        }
        ChecksumType algorithm = algorithm(call);
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        encryption.addAsked(call, given, headers);
        WriteCondition condition = WriteCondition.of(call, target, objects);
        Reply read = open(call, source, null);
        try (PayloadSource bytes = new PayloadSource(read.payload())) {
            ObjectAttributes attributes = AttributeHeaders.read(read.headers());
            checkSize(attributes.size());
            if (replaces) {
                MetadataHeaders.add(given, config, headers);
            } else {
                Map<String, String> system = new TreeMap<>(attributes.system());
                system.remove(TagSet.ATTRIBUTE);
                system.remove(VersionId.ATTRIBUTE);
                system.remove(ObjectLock.MODE);
                system.remove(ObjectLock.UNTIL);
                system.remove(ObjectLock.LEGAL_HOLD);
                system.remove(ObjectAccess.LIST);
                system.remove(Renames.TOKEN);
                system.remove(ChecksumType.ATTRIBUTE);
                AttributeHeaders.writeSystem(system, headers);
                AttributeHeaders.writeCustom(attributes.custom(), headers);
            }
            if (!replacesTags
                    && !attributes.system().getOrDefault(TagSet.ATTRIBUTE, "").isEmpty()) {
                gate.checkSourceTags(call, source.key(), attributes.system());
            }
            ObjectTags.addGiven(
                    replacesTags
                            ? call.header(TagSet.ATTRIBUTE)
                            : attributes.system().get(TagSet.ATTRIBUTE),
                    headers);
            controls.addGiven(call.caller(), bucket, given, headers);
            locks.addGiven(given, bucket, headers);
            ChecksumType used = addChecksums(attributes, algorithm, bucket.keepsMd5(), headers);
            S3Checksums.addUsed(used, headers);
            condition.addTo(headers);
            Reply written = write(call, target, headers, bytes, condition);
            Reply reply = result(written, given, used);
            ObjectVersions.addGiven(AttributeHeaders.readSystem(written.headers()), reply.headers());
            addSource(source, read.headers(), reply.headers());
            expirations.addTo(call, written.headers(), reply.headers());
            return reply;
        }
    }

    /// Tells which version of the source was copied.
    private void addSource(CopySource source, Headers node, Headers answer) {
        Bucket from = buckets.require(source.key().bucket());
        ObjectVersions.addId(from, node, "x-amz-copy-source-version-id", answer);
    }

    private Reply write(S3Call call, ObjectKey target, Headers headers, Body bytes, WriteCondition condition) {
        try {
            Reply node = objects.call(call.exchange(), target, Method.PUT, "", headers, bytes);
            node.payload().close();
            return node;
        } catch (StoreException e) {
            throw condition.check(e);
        }
    }

    private static Reply result(Reply node, Headers given, ChecksumType used) {
        ObjectAttributes written = AttributeHeaders.read(node.headers());
        XmlWriter xml = XmlWriter.of("CopyObjectResult")
                .etag(written.etag())
                .element("LastModified", S3Time.iso(written.modifiedMillis()));
        S3Checksums.Told told =
                S3Checksums.Told.of(S3Checksums.told(written.checksums(), used), S3Checksums.FULL_OBJECT);
        if (told != null) {
            told.addTo(xml);
        }
        return S3Replies.xml(200, told(node, given), xml);
    }

    private static Headers told(Reply node, Headers given) {
        Headers out = new Headers();
        EncryptionHeaders.tell(node.headers().find(NodeHeaders.ENCRYPTION), given, out);
        return out;
    }

    /// UploadPartCopy.
    Reply copyPart(S3Call call) {
        int number = call.partNumber();
        ObjectKey target = call.key();
        Bucket bucket = buckets.require(target.bucket());
        CopySource source = CopySource.of(call);
        RangeHeader range = range(call.header("x-amz-copy-source-range"));
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        encryption.addKey(call, headers);
        Reply read = open(call, source, range);
        try (PayloadSource bytes = new PayloadSource(read.payload())) {
            ObjectAttributes attributes = AttributeHeaders.read(read.headers());
            checkRange(range, attributes.size());
            checkSize(bytes.length());
            if (bucket.keepsMd5()) {
                headers.add(NodeHeaders.COMPUTE, ChecksumType.MD5.wireName());
            }
            String nativeQuery = MultipartUploads.partQuery(call.parameter("uploadId"), number);
            Reply node = objects.call(call.exchange(), target, Method.PUT, nativeQuery, headers, bytes);
            node.payload().close();
            ObjectAttributes written = AttributeHeaders.read(node.headers());
            XmlWriter xml = XmlWriter.of("CopyPartResult")
                    .etag(written.etag())
                    .element("LastModified", S3Time.iso(written.modifiedMillis()));
            Checksum checksum = S3Checksums.told(written.checksums(), MultipartUploads.agreed(node.headers()));
            if (checksum != null) {
                xml.element(S3Checksums.element(checksum.type()), checksum.base64());
            }
            Reply reply =
                    S3Replies.xml(200, told(node, call.exchange().request().headers()), xml);
            addSource(source, read.headers(), reply.headers());
            return reply;
        }
    }

    /// Opens the source under its conditions. A source that is as the client knows it is a failed condition here.
    private Reply open(S3Call call, CopySource source, @Nullable RangeHeader range) {
        gate.checkSource(call, source.key());
        buckets.require(source.key().bucket());
        Headers headers = new Headers().addAll(source.conditions()).add(NodeHeaders.ATTRIBUTES, "1");
        boolean keyed = encryption.addSourceKey(call, headers);
        if (range != null) {
            headers.add("Range", "bytes=" + range.first() + "-" + range.last());
        }
        Reply read;
        try {
            read = objects.call(call.exchange(), source.key(), Method.GET, "", headers, Body.empty());
        } catch (StoreException e) {
            throw gate.explainSource(call, source.key(), e);
        }
        if (source.key().isVersion()) {
            requireObject(read);
        }
        if (read.status() == 304) {
            read.payload().close();
            throw new S3Failure(S3Error.PRECONDITION_FAILED);
        }
        try {
            gate.confirm(call, Action.GET_OBJECT, source.key(), read.headers());
        } catch (S3Failure | StoreException e) {
            read.payload().close();
            throw e;
        }
        EncryptionHeaders.check(keyed, read);
        return read;
    }

    private static void requireObject(Reply read) {
        if (AttributeHeaders.readSystem(read.headers()).containsKey(VersionId.MARKER)) {
            read.payload().close();
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "The source of a copy request may not specifically refer to a delete marker" + " by version id.");
        }
    }

    /// Keeps the algorithm that the source has, and its value, which the copy must have too; else the wished one or
    /// S3's default. Returns which one it is.
    private static ChecksumType addChecksums(
            ObjectAttributes source, @Nullable ChecksumType algorithm, boolean keepsMd5, Headers headers) {
        StringBuilder compute = new StringBuilder(keepsMd5 ? ChecksumType.MD5.wireName() : "");
        Checksum known = S3Checksums.told(source.checksums(), source.system());
        ChecksumType used;
        if (known != null && (algorithm == null || algorithm == known.type())) {
            used = known.type();
            headers.add(NodeHeaders.CHECKSUM, used.wireName() + "=" + known.hex());
        } else {
            String composite = source.compositeChecksum();
            ChecksumType former = composite == null ? null : S3Checksums.compositeType(composite);
            used = algorithm != null ? algorithm : former != null ? former : ChecksumType.CRC64NVME;
            compute.append(compute.isEmpty() ? "" : ",").append(used.wireName());
        }
        if (!compute.isEmpty()) {
            headers.add(NodeHeaders.COMPUTE, compute.toString());
        }
        return used;
    }

    private static boolean replaces(S3Call call, String directiveHeader) {
        String directive = call.header(directiveHeader);
        if (directive == null || directive.equals("COPY")) {
            return false;
        }
        if (directive.equals("REPLACE")) {
            return true;
        }
        throw S3Failure.invalidArgument(directiveHeader, directive, "Unknown directive.");
    }

    private static @Nullable ChecksumType algorithm(S3Call call) {
        String name = call.header("x-amz-checksum-algorithm");
        if (name == null) {
            return null;
        }
        ChecksumType type = S3Checksums.find(name);
        if (type == null) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "Checksum algorithm provided is unsupported: " + name);
        }
        return type;
    }

    private void checkSize(long bytes) {
        if (bytes > config.maxPutSize().bytes()) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + config.maxPutSize().bytes());
        }
    }

    /// Only `bytes=first-last` is a range of a copy. Throws InvalidArgument.
    private static @Nullable RangeHeader range(@Nullable String header) {
        if (header == null) {
            return null;
        }
        RangeHeader range = RangeHeader.parse(header);
        if (range == null || range.first() < 0 || range.last() < 0) {
            throw S3Failure.invalidArgument(
                    "x-amz-copy-source-range",
                    header,
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are"
                            + " the zero-based offsets of the first and last bytes to copy");
        }
        return range;
    }

    private static void checkRange(@Nullable RangeHeader range, long size) {
        ByteRange resolved = range == null ? null : range.resolve(size);
        if (range != null && (resolved == null || range.last() >= size)) {
            throw new S3Failure(
                    S3Error.INVALID_RANGE,
                    "Range specified is not valid for source object of size: " + size,
                    Map.of("RangeRequested", "bytes=" + range.first() + "-" + range.last()));
        }
    }
}
