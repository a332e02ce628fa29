package io.forebay.gateway.api.s3;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The headers of an answer about one object, made in one pass over the node's.
final class ObjectAnswer {
    private static final String[] OVERRIDES = {
        "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"
    };
    private static final String OVERRIDE_PREFIX = "response-";

    private ObjectAnswer() {}

    /// Headers of a GET or HEAD.
    static Headers read(S3Call call, int status, Headers node) {
        Headers out = new Headers();
        Query query = call.query();
        boolean ofPart = query.contains("partNumber");
        boolean typed = addOverrides(query, out);
        int missing = 0;
        for (int index = 0; index < node.count(); index++) {
            String name = node.name(index);
            String value = node.value(index);
            switch (name) {
                case NodeHeaders.ETAG -> out.add("ETag", "\"" + value + "\"");
                case NodeHeaders.MODIFIED -> out.add("Last-Modified", HttpDate.format(Long.parseLong(value)));
                case NodeHeaders.SYSTEM -> typed |= addSystem(value, query, out);
                case NodeHeaders.CUSTOM -> missing += addUser(value, out);
                case NodeHeaders.PART_COUNT -> {
                    if (ofPart) {
                        out.add("x-amz-mp-parts-count", value);
                    }
                }
                case NodeHeaders.ENCRYPTION ->
                    EncryptionHeaders.tell(value, call.exchange().request().headers(), out);
                case "Content-Range" -> out.add(name, value);
                default -> {
                    // Of no use to a client.
                }
            }
        }
        if (missing > 0) {
            out.add("x-amz-missing-meta", missing);
        }
        if (status != 304) {
            if (!typed) {
                out.add("Content-Type", "binary/octet-stream");
            }
            out.add("Accept-Ranges", "bytes");
        }
        if ("ENABLED".equalsIgnoreCase(call.header("x-amz-checksum-mode"))) {
            addChecksum(status, ofPart, node, out);
        }
        return out;
    }

    /// Headers that tell what a write stored.
    ///
    /// @param given the client's headers, or a form's fields
    /// @param used the algorithm that the client used, or null
    static Headers written(Headers node, Headers given, @Nullable ChecksumType used) {
        Headers out = new Headers().add("ETag", "\"" + node.find(NodeHeaders.ETAG, "") + "\"");
        EncryptionHeaders.tell(node.find(NodeHeaders.ENCRYPTION), given, out);
        Checksum checksum = S3Checksums.told(AttributeHeaders.readChecksums(node, NodeHeaders.CHECKSUM), used);
        S3Checksums.Told told = S3Checksums.Told.of(checksum, S3Checksums.FULL_OBJECT);
        if (told != null) {
            told.addTo(out);
        }
        return out;
    }

    private static void addChecksum(int status, boolean ofPart, Headers node, Headers out) {
        String composite = node.find(NodeHeaders.COMPOSITE);
        S3Checksums.Told told = null;
        if (ofPart && node.contains(NodeHeaders.PART_COUNT)) {
            List<Checksum> one = AttributeHeaders.readChecksums(node, NodeHeaders.PART_CHECKSUM);
            String form = composite == null ? S3Checksums.FULL_OBJECT : S3Checksums.COMPOSITE;
            told = S3Checksums.Told.of(one.isEmpty() ? null : one.getFirst(), form);
        } else if (status == 200 || ofPart) {
            List<Checksum> ofAll = AttributeHeaders.readChecksums(node, NodeHeaders.CHECKSUM);
            told = S3Checksums.Told.of(composite, ofAll, AttributeHeaders.readSystem(node));
        }
        if (told != null) {
            told.addTo(out);
        }
    }

    /// Adds what the query wants said instead of what is stored; whether that has the content type.
    private static boolean addOverrides(Query query, Headers out) {
        boolean typed = false;
        for (int index = 0; index < query.count(); index++) {
            String name = query.name(index);
            if (name.startsWith(OVERRIDE_PREFIX)) {
                String header = name.substring(OVERRIDE_PREFIX.length());
                if (isOverride(header)) {
                    out.add(header, HeaderText.toHeader(query.value(index)));
                    typed |= header.equals("content-type");
                }
            }
        }
        return typed;
    }

    private static boolean isOverride(String header) {
        for (String override : OVERRIDES) {
            if (override.equals(header)) {
                return true;
            }
        }
        return false;
    }

    /// Adds one stored HTTP attribute; whether it is the content type.
    private static boolean addSystem(String line, Query query, Headers out) {
        int equals = line.indexOf('=');
        if (equals <= 0) {
            return false;
        }
        String name = line.substring(0, equals);
        if (query.count() > 0 && query.contains(OVERRIDE_PREFIX + name)) {
            return false;
        }
        if (name.equals(ObjectAccess.LIST) || name.equals(Renames.TOKEN) || name.equals(ChecksumType.ATTRIBUTE)) {
            return false;
        }
        if (name.equals(TagSet.ATTRIBUTE)) {
            int tags = TagSet.count(PercentCode.decode(line.substring(equals + 1)));
            if (tags > 0) {
                out.add("x-amz-tagging-count", tags);
            }
            return false;
        }
        out.add(name, HeaderText.toHeader(PercentCode.decode(line.substring(equals + 1))));
        return name.equals("content-type");
    }

    /// Adds one entry of user metadata; 1 when its name, which another face accepted, cannot be that of a header.
    private static int addUser(String line, Headers out) {
        int equals = line.indexOf('=');
        String name = PercentCode.decode(line.substring(0, Math.max(0, equals)));
        if (!isToken(name)) {
            return 1;
        }
        String value = HeaderText.toHeader(PercentCode.decode(line.substring(equals + 1)));
        out.add("x-amz-meta-" + name.toLowerCase(Locale.ROOT), value);
        return 0;
    }

    private static boolean isToken(String name) {
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            boolean token = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            if (!token) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
