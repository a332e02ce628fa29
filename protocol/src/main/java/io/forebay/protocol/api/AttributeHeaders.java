package io.forebay.protocol.api;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.PercentCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Object attributes as `Forebay-*` headers between a storage node and a gateway.
public final class AttributeHeaders {
    private static final String AIS_VERSION = "Ais-Version";

    private AttributeHeaders() {}

    /// Adds every attribute to a reply's headers.
    public static void write(ObjectAttributes attributes, Headers headers) {
        headers.add(NodeHeaders.SIZE, attributes.size());
        headers.add(NodeHeaders.MODIFIED, attributes.modifiedMillis());
        headers.add(NodeHeaders.ETAG, attributes.etag());
        if (!headers.contains(AIS_VERSION)) {
            headers.add(AIS_VERSION, attributes.version());
        }
        for (Checksum checksum : attributes.checksums()) {
            headers.add(NodeHeaders.CHECKSUM, checksum.type().wireName() + "=" + checksum.hex());
        }
        if (attributes.compositeChecksum() != null) {
            headers.add(NodeHeaders.COMPOSITE, attributes.compositeChecksum());
        }
        if (attributes.partCount() > 0) {
            headers.add(NodeHeaders.PART_COUNT, attributes.partCount());
        }
        writeSystem(attributes.system(), headers);
        writeCustom(attributes.custom(), headers);
    }

    public static void writeSystem(Map<String, String> system, Headers headers) {
        system.forEach((name, value) -> headers.add(NodeHeaders.SYSTEM, name + "=" + PercentCode.encode(value)));
    }

    public static void writeCustom(Map<String, String> custom, Headers headers) {
        custom.forEach((name, value) ->
                headers.add(NodeHeaders.CUSTOM, PercentCode.encode(name) + "=" + PercentCode.encode(value)));
    }

    /// Reads what `write` wrote. Throws INTERNAL when a header is missing or malformed.
    public static ObjectAttributes read(Headers headers) {
        return new ObjectAttributes(
                number(headers, NodeHeaders.SIZE),
                number(headers, NodeHeaders.MODIFIED),
                number(headers, AIS_VERSION),
                headers.find(NodeHeaders.ETAG, ""),
                readChecksums(headers, NodeHeaders.CHECKSUM),
                headers.find(NodeHeaders.COMPOSITE),
                headers.contains(NodeHeaders.PART_COUNT) ? (int) number(headers, NodeHeaders.PART_COUNT) : 0,
                readSystem(headers),
                readCustom(headers));
    }

    public static Map<String, String> readSystem(Headers headers) {
        return pairs(headers, NodeHeaders.SYSTEM);
    }

    public static Map<String, String> readCustom(Headers headers) {
        return pairs(headers, NodeHeaders.CUSTOM);
    }

    /// The checksums of every header line of that name, `type=hex` each.
    public static List<Checksum> readChecksums(Headers headers, String name) {
        List<Checksum> checksums = new ArrayList<>(3);
        for (String line : headers.all(name)) {
            int equals = line.indexOf('=');
            @Nullable ChecksumType type = equals < 0 ? null : ChecksumType.find(line.substring(0, equals));
            Check.argument(type != null, "invalid checksum header \"%s\"", line);
            if (type != null) {
                checksums.add(new Checksum(type, line.substring(equals + 1)));
            }
        }
        return checksums;
    }

    private static Map<String, String> pairs(Headers headers, String name) {
        Map<String, String> pairs = new TreeMap<>();
        for (int index = 0; index < headers.count(); index++) {
            if (headers.name(index).equalsIgnoreCase(name)) {
                String line = headers.value(index);
                int equals = line.indexOf('=');
                Check.argument(equals >= 0, "invalid %s header \"%s\"", name, line);
                pairs.put(
                        PercentCode.decode(line.substring(0, equals)), PercentCode.decode(line.substring(equals + 1)));
            }
        }
        return pairs;
    }

    private static long number(Headers headers, String name) {
        String value = headers.find(name, "");
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INTERNAL, "header " + name + " is not a number: \"" + value + "\"", e);
        }
    }
}
