package io.forebay.gateway;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One object, or part, in memory.
///
/// @param parts what it was made of, empty for an object written whole
record StoredObject(ByteBuffer bytes, ObjectAttributes attributes, List<StoredObject> parts) {

    /// Takes a body as the native PUT does: verified and with the checksums that are asked for.
    static StoredObject receive(Body body, Headers asked, String agreement, long nowMillis) {
        byte[] bytes = drain(body);
        Map<ChecksumType, Checksum> kept = new LinkedHashMap<>();
        keep(ChecksumType.XXHASH64, bytes, kept);
        for (Checksum expected : AttributeHeaders.readChecksums(asked, NodeHeaders.VERIFY)) {
            verify(expected, bytes);
        }
        for (Checksum expected : AttributeHeaders.readChecksums(asked, NodeHeaders.CHECKSUM)) {
            verify(expected, bytes);
            keep(expected.type(), bytes, kept);
        }
        for (String name : asked.find(NodeHeaders.COMPUTE, "").split(",", -1)) {
            ChecksumType type = ChecksumType.find(name);
            if (type != null) {
                keep(type, bytes, kept);
            }
        }
        ChecksumType agreed = ChecksumType.find(agreement.substring(0, Math.max(0, agreement.indexOf(':'))));
        if (agreed != null) {
            keep(agreed, bytes, kept);
        }
        Checksum md5 = kept.get(ChecksumType.MD5);
        String etag = md5 == null ? "0123456789abcdef-x" : md5.hex();
        return new StoredObject(
                ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                new ObjectAttributes(
                        bytes.length,
                        nowMillis,
                        1,
                        etag,
                        new ArrayList<>(kept.values()),
                        null,
                        0,
                        AttributeHeaders.readSystem(asked),
                        AttributeHeaders.readCustom(asked)),
                List.of());
    }

    /// The same object with these HTTP attributes among its own.
    StoredObject merged(Map<String, String> system) {
        Map<String, String> all = new TreeMap<>(attributes.system());
        all.putAll(system);
        return new StoredObject(
                bytes,
                new ObjectAttributes(
                        attributes.size(),
                        attributes.modifiedMillis(),
                        attributes.version(),
                        attributes.etag(),
                        attributes.checksums(),
                        attributes.compositeChecksum(),
                        attributes.partCount(),
                        all,
                        attributes.custom()),
                parts);
    }

    /// The same object with the bytes of another one behind its own, if it has that size.
    StoredObject extended(long offset, StoredObject more, long nowMillis) {
        if (offset != attributes.size()) {
            throw new StoreException(ErrorCode.RANGE_NOT_SATISFIABLE, "it has " + attributes.size() + " bytes");
        }
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() + more.bytes.remaining());
        all.put(bytes.duplicate()).put(more.bytes.duplicate()).flip();
        return new StoredObject(
                all.asReadOnlyBuffer(),
                new ObjectAttributes(
                        all.remaining(),
                        nowMillis,
                        attributes.version() + 1,
                        "appended" + nowMillis,
                        List.of(Checksummers.of(ChecksumType.CRC64NVME, all.duplicate())),
                        null,
                        0,
                        attributes.system(),
                        attributes.custom()),
                List.of());
    }

    /// The checksums of a part that the object was made for: the agreed one, where it is COMPOSITE.
    List<Checksum> agreedOf(StoredObject part) {
        String composite = attributes.compositeChecksum();
        return part.attributes.checksums().stream()
                .filter(sum -> composite == null
                        ? sum.type() != ChecksumType.MD5 && sum.type() != ChecksumType.XXHASH64
                        : composite.startsWith(sum.type().wireName() + "="))
                .toList();
    }

    /// What the native API tells of the parts, which are numbered without gaps here.
    List<PartInfo> partInfos() {
        List<PartInfo> infos = new ArrayList<>();
        for (StoredObject part : parts) {
            Map<String, String> checksums = new TreeMap<>();
            for (Checksum checksum : agreedOf(part)) {
                checksums.put(checksum.type().wireName(), checksum.hex());
            }
            infos.add(new PartInfo(infos.size() + 1, part.attributes.size(), 0, "", checksums));
        }
        return infos;
    }

    private static byte[] drain(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long length = body.length();
        while (length < 0 || out.size() < length) {
            ByteBuffer next = body.next();
            if (next == null) {
                break;
            }
            byte[] piece = new byte[next.remaining()];
            next.get(piece);
            out.writeBytes(piece);
        }
        if (length >= 0 && out.size() != length) {
            throw new StoreException(ErrorCode.INCOMPLETE_BODY, "the body ended after " + out.size() + " bytes");
        }
        return out.toByteArray();
    }

    private static void keep(ChecksumType type, byte[] bytes, Map<ChecksumType, Checksum> kept) {
        kept.put(type, Checksummers.of(type, ByteBuffer.wrap(bytes)));
    }

    private static void verify(Checksum expected, byte[] bytes) {
        if (!expected.equals(Checksummers.of(expected.type(), ByteBuffer.wrap(bytes)))) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH, expected.type().wireName() + " checksum is not " + expected.hex());
        }
    }
}
