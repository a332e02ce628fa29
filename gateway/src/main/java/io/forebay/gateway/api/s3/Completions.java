package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.PartTags;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CompleteMultipartUpload: the parts become an object in one commit.
///
/// A client that lost the answer sends the request again. By then the upload is gone; where the object's entity tag
/// is the one that these parts make, the answer is the lost one.
final class Completions {
    private static final int MAX_PARTS = 10_000;

    private final S3Config config;
    private final EncryptionHeaders encryption;
    private final Objects objects;
    private final MultipartUploads uploads;
    private final Expirations expirations;

    Completions(
            S3Config config,
            EncryptionHeaders encryption,
            Objects objects,
            MultipartUploads uploads,
            Expirations expirations) {
        this.config = config;
        this.encryption = encryption;
        this.objects = objects;
        this.uploads = uploads;
        this.expirations = expirations;
    }

    private record Named(int number, String etag, @Nullable Checksum checksum) {
        Map<String, Object> message() {
            Map<String, Object> message = new HashMap<>();
            message.put("part-number", number);
            message.put("etag", etag);
            if (checksum != null) {
                message.put("checksum", checksum.type().wireName() + "=" + checksum.hex());
            }
            return message;
        }
    }

    Reply complete(S3Call call) {
        ObjectKey key = call.key();
        uploads.bucket(key.bucket());
        String uploadId = call.parameter("uploadId");
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.OBJECT);
        List<Named> parts = parts(XmlReader.read(document, "CompleteMultipartUpload"));
        WriteCondition condition = WriteCondition.of(call, key, objects);
        Headers headers = new Headers()
                .add(NodeHeaders.ATTRIBUTES, "1")
                .add(NodeHeaders.MIN_PART_SIZE, config.minPartSize().bytes());
        encryption.addKey(call, headers);
        String expected = expectedChecksum(call, parts.size());
        if (expected != null) {
            headers.add(NodeHeaders.UPLOAD_CHECKSUM, expected);
        }
        condition.addTo(headers);
        try {
            checkSize(call, key, uploadId, parts);
            List<Map<String, Object>> value = parts.stream().map(Named::message).toList();
            Reply node = uploads.act(
                    call, key, MultipartUploads.uploadQuery(uploadId), headers, AisActions.COMPLETE_UPLOAD, value);
            node.payload().close();
            return result(call, key, node.headers());
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_UPLOAD) {
                Headers made = made(call, key, parts);
                if (made != null) {
                    return result(call, key, made);
                }
            }
            throw failure(condition.check(e));
        }
    }

    private static S3Failure failure(StoreException e) {
        S3Failure failure = ErrorTable.failure(e);
        return e.code() == ErrorCode.INVALID_ARGUMENT
                ? new S3Failure(S3Error.INVALID_REQUEST, failure.text())
                : failure;
    }

    /// The named parts; of one that is named twice in a row, the later entry.
    private static List<Named> parts(XmlElement root) {
        List<XmlElement> elements = root.all("Part");
        if (elements.isEmpty() || elements.size() > MAX_PARTS) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        List<Named> parts = new ArrayList<>(elements.size());
        for (XmlElement element : elements) {
            int number = partNumber(element.requireText("PartNumber"));
            String etag = WriteCondition.unquoted(element.requireText("ETag"));
            if (!parts.isEmpty() && parts.getLast().number() == number) {
                parts.removeLast();
            }
            parts.add(new Named(number, etag, checksum(element)));
        }
        return parts;
    }

    private static int partNumber(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 1 && number <= MAX_PARTS) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        throw S3Failure.invalidArgument(
                "PartNumber", text, "Part number must be an integer between 1 and 10000, inclusive");
    }

    private static @Nullable Checksum checksum(XmlElement part) {
        for (ChecksumType type : ChecksumType.values()) {
            String text = part.findText(S3Checksums.element(type));
            if (text != null && !text.isBlank()) {
                Checksum checksum = S3Checksums.parse(type, text.strip());
                if (checksum == null) {
                    throw new S3Failure(S3Error.INVALID_PART);
                }
                return checksum;
            }
        }
        return null;
    }

    /// What the request says the whole object has: `algorithm=hex`, or `algorithm=base64-N` of a composite one. Clients
    /// that name the type of a composite one may leave its `-N` out.
    private static @Nullable String expectedChecksum(S3Call call, int parts) {
        Headers headers = call.exchange().request().headers();
        for (ChecksumType type : ChecksumType.values()) {
            String value = headers.find(S3Checksums.header(type));
            if (value != null) {
                String text = value.strip();
                if (text.indexOf('-') > 0) {
                    return type.wireName() + "=" + text;
                }
                if (S3Checksums.COMPOSITE.equals(headers.find("x-amz-checksum-type"))) {
                    return type.wireName() + "=" + text + "-" + parts;
                }
                Checksum checksum = S3Checksums.parse(type, text);
                if (checksum == null) {
                    throw new S3Failure(
                            S3Error.BAD_DIGEST,
                            "Value for x-amz-checksum-" + type.name().toLowerCase(Locale.ROOT) + " header is invalid.");
                }
                return type.wireName() + "=" + checksum.hex();
            }
        }
        return null;
    }

    /// Holds the parts to `x-amz-mp-object-size`, where the client says it.
    private void checkSize(S3Call call, ObjectKey key, String uploadId, List<Named> parts) {
        String text = call.header("x-amz-mp-object-size");
        if (text == null) {
            return;
        }
        Map<Integer, Long> sizes = new HashMap<>();
        for (PartInfo part : uploads.parts(call, key, uploadId).parts()) {
            sizes.put(part.number(), part.size());
        }
        long size = 0;
        for (Named part : parts) {
            size += sizes.getOrDefault(part.number(), 0L);
        }
        if (!text.strip().equals(Long.toString(size))) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST,
                    "The provided 'x-amz-mp-object-size' header does not match what was computed: " + size);
        }
    }

    /// What the node says of the object that these parts were made into before, or null.
    private @Nullable Headers made(S3Call call, ObjectKey key, List<Named> parts) {
        String etag = PartTags.whole(parts.stream().map(Named::etag).toList());
        if (etag == null) {
            return null;
        }
        Headers found = objects.find(call.exchange(), key);
        return found != null && found.find(NodeHeaders.ETAG, "").equals(etag) ? found : null;
    }

    private Reply result(S3Call call, ObjectKey key, Headers node) {
        ObjectAttributes made = AttributeHeaders.read(node);
        String scheme = call.exchange().secure() ? "https://" : "http://";
        String host = call.header("Host");
        XmlWriter xml = XmlWriter.of("CompleteMultipartUploadResult")
                .element(
                        "Location",
                        scheme
                                + (host == null ? "" : host)
                                + call.exchange().request().rawPath())
                .element("Bucket", key.bucket().name())
                .element("Key", key.name())
                .etag(made.etag());
        S3Checksums.Told told = S3Checksums.Told.of(made);
        if (told != null) {
            told.addTo(xml);
        }
        Headers answer = new Headers();
        EncryptionHeaders.tell(
                node.find(NodeHeaders.ENCRYPTION), call.exchange().request().headers(), answer);
        ObjectVersions.addGiven(made.system(), answer);
        expirations.addTo(call, node, answer);
        return S3Replies.xml(200, answer, xml);
    }
}
