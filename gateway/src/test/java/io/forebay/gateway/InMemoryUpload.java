package io.forebay.gateway;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.http.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An upload in parts on an `InMemoryNode`.
final class InMemoryUpload {
    final String name;
    final long createdMillis;
    final String agreement;
    final SortedMap<Integer, StoredObject> parts = new TreeMap<>();
    final Map<String, String> system;
    private final Map<String, String> custom;

    InMemoryUpload(
            String name, long createdMillis, String agreement, Map<String, String> system, Map<String, String> custom) {
        this.name = name;
        this.createdMillis = createdMillis;
        this.agreement = agreement;
        this.system = system;
        this.custom = custom;
    }

    List<PartInfo> list() {
        List<PartInfo> list = new ArrayList<>();
        parts.forEach((number, part) -> {
            Map<String, String> checksums = new LinkedHashMap<>();
            for (Checksum checksum : part.attributes().checksums()) {
                checksums.put(checksum.type().wireName(), checksum.hex());
            }
            ObjectAttributes attributes = part.attributes();
            list.add(
                    new PartInfo(number, attributes.size(), attributes.modifiedMillis(), attributes.etag(), checksums));
        });
        return list;
    }

    /// The object that the named parts make, by the rules of the native completion.
    StoredObject complete(Headers asked, List<?> named, long nowMillis) {
        List<StoredObject> chosen = choose(asked, named);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        chosen.forEach(part -> {
            byte[] piece = new byte[part.bytes().remaining()];
            part.bytes().duplicate().get(piece);
            bytes.writeBytes(piece);
        });
        byte[] whole = bytes.toByteArray();
        int colon = agreement.indexOf(':');
        ChecksumType type = ChecksumType.find(agreement.substring(0, Math.max(0, colon)));
        boolean composite = agreement.endsWith(":COMPOSITE");
        String compositeText = type == null || !composite
                ? null
                : type.wireName() + "=" + overParts(type, chosen).base64() + "-" + chosen.size();
        List<Checksum> checksums =
                type == null || composite ? List.of() : List.of(Checksummers.of(type, ByteBuffer.wrap(whole)));
        checkExpected(asked.find(NodeHeaders.UPLOAD_CHECKSUM), compositeText, checksums);
        return new StoredObject(
                ByteBuffer.wrap(whole).asReadOnlyBuffer(),
                new ObjectAttributes(
                        whole.length,
                        nowMillis,
                        1,
                        overParts(ChecksumType.MD5, chosen).hex() + "-" + chosen.size(),
                        checksums,
                        compositeText,
                        chosen.size(),
                        system,
                        custom),
                chosen);
    }

    private List<StoredObject> choose(Headers asked, List<?> named) {
        long minBytes = Long.parseLong(asked.find(NodeHeaders.MIN_PART_SIZE, "0"));
        List<StoredObject> chosen = new ArrayList<>();
        int last = 0;
        for (Object element : named) {
            Map<?, ?> part = (Map<?, ?>) element;
            int number = Integer.parseInt(String.valueOf(part.get("part-number")));
            if (number <= last) {
                throw new StoreException(ErrorCode.INVALID_PART_ORDER, "part " + number + " after " + last);
            }
            last = number;
            StoredObject stored = parts.get(number);
            if (stored == null || !stored.attributes().etag().equals(part.get("etag"))) {
                throw new StoreException(ErrorCode.INVALID_PART, "part " + number + " was not uploaded like that");
            }
            Object given = part.get("checksum");
            if (given != null
                    && stored.attributes().checksums().stream()
                            .noneMatch(sum -> given.equals(sum.type().wireName() + "=" + sum.hex()))) {
                throw new StoreException(ErrorCode.INVALID_PART, "part " + number + " has another checksum");
            }
            chosen.add(stored);
        }
        for (StoredObject part : chosen.subList(0, Math.max(0, chosen.size() - 1))) {
            if (part.attributes().size() < minBytes) {
                throw new StoreException(ErrorCode.PART_TOO_SMALL, "a part is too small");
            }
        }
        return chosen;
    }

    private static Checksum overParts(ChecksumType type, List<StoredObject> chosen) {
        Checksummer checksummer = Checksummers.of(type);
        for (StoredObject part : chosen) {
            Checksum checksum = part.attributes().checksum(type);
            if (checksum == null) {
                throw new StoreException(ErrorCode.INVALID_PART, "a part has no " + type.wireName());
            }
            checksummer.update(ByteBuffer.wrap(checksum.digest()));
        }
        return checksummer.finish();
    }

    private static void checkExpected(@Nullable String expected, @Nullable String composite, List<Checksum> checksums) {
        boolean right = expected == null
                || expected.equals(composite)
                || checksums.stream().anyMatch(sum -> expected.equals(sum.type().wireName() + "=" + sum.hex()));
        if (!right) {
            throw new StoreException(ErrorCode.CHECKSUM_MISMATCH, expected + " is not the whole's checksum");
        }
    }
}
