package io.forebay.gateway.api.s3;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.http.Headers;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The checksum algorithms of S3, by its names: `CRC64NVME`, header `x-amz-checksum-crc64nvme`, element
/// `ChecksumCRC64NVME`.
final class S3Checksums {
    static final String PREFIX = "x-amz-checksum-";
    static final String FULL_OBJECT = "FULL_OBJECT";
    static final String COMPOSITE = "COMPOSITE";

    /// Those that are told of whatever has them, the ones that clients prefer first. MD5 and XXHASH64 are computed for
    /// other reasons too: they are told where a client used them (`ChecksumType.ATTRIBUTE`).
    static final List<ChecksumType> SHOWN = List.of(
            ChecksumType.CRC64NVME,
            ChecksumType.CRC32C,
            ChecksumType.CRC32,
            ChecksumType.SHA256,
            ChecksumType.SHA1,
            ChecksumType.SHA512,
            ChecksumType.XXHASH128,
            ChecksumType.XXHASH3);

    /// Where each of them stands among those, by its wire name.
    private static final Map<String, Integer> PLACES =
            SHOWN.stream().collect(Collectors.toUnmodifiableMap(ChecksumType::wireName, SHOWN::indexOf));

    private S3Checksums() {}

    /// The algorithm of that S3 name, without case; null when there is none.
    static @Nullable ChecksumType find(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "CRC32" -> ChecksumType.CRC32;
            case "CRC32C" -> ChecksumType.CRC32C;
            case "CRC64NVME" -> ChecksumType.CRC64NVME;
            case "SHA1" -> ChecksumType.SHA1;
            case "SHA256" -> ChecksumType.SHA256;
            case "SHA512" -> ChecksumType.SHA512;
            case "MD5" -> ChecksumType.MD5;
            case "XXHASH64" -> ChecksumType.XXHASH64;
            case "XXHASH3" -> ChecksumType.XXHASH3;
            case "XXHASH128" -> ChecksumType.XXHASH128;
            default -> null;
        };
    }

    /// S3's name of the algorithm.
    static String name(ChecksumType type) {
        return type.name();
    }

    static String header(ChecksumType type) {
        return switch (type) {
            case CRC32 -> "x-amz-checksum-crc32";
            case CRC32C -> "x-amz-checksum-crc32c";
            case CRC64NVME -> "x-amz-checksum-crc64nvme";
            case SHA1 -> "x-amz-checksum-sha1";
            case SHA256 -> "x-amz-checksum-sha256";
            case SHA512 -> "x-amz-checksum-sha512";
            case MD5 -> "x-amz-checksum-md5";
            case XXHASH64 -> "x-amz-checksum-xxhash64";
            case XXHASH3 -> "x-amz-checksum-xxhash3";
            case XXHASH128 -> "x-amz-checksum-xxhash128";
        };
    }

    static String element(ChecksumType type) {
        return "Checksum" + type.name();
    }

    /// The checksum in a base64 text; null when the text is none of that type.
    static @Nullable Checksum parse(ChecksumType type, String base64) {
        try {
            byte[] digest = Base64.getDecoder().decode(base64);
            return digest.length == type.digestBytes() ? Checksum.of(type, digest) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The type in `algorithm=base64-N`, the text of a COMPOSITE checksum.
    static @Nullable ChecksumType compositeType(String composite) {
        int equals = composite.indexOf('=');
        return equals < 0 ? null : ChecksumType.find(composite.substring(0, equals));
    }

    static String compositeValue(String composite) {
        return composite.substring(composite.indexOf('=') + 1);
    }

    /// Adds what is told of some checksums, which are in hex by their wire names.
    ///
    /// @param agreed the algorithm of an upload or what became of it, or null
    static void addAll(Map<String, String> byType, @Nullable ChecksumType agreed, XmlWriter xml) {
        for (ChecksumType type : ChecksumType.values()) {
            String hex = byType.get(type.wireName());
            if (hex != null && (type == agreed || SHOWN.contains(type))) {
                xml.element(element(type), new Checksum(type, hex).base64());
            }
        }
    }

    /// Says in the node's headers of an object which algorithm its client used, where nothing else tells it.
    static void addUsed(@Nullable ChecksumType used, Headers node) {
        if (used != null && !SHOWN.contains(used)) {
            AttributeHeaders.writeSystem(Map.of(ChecksumType.ATTRIBUTE, used.wireName()), node);
        }
    }

    /// The checksum of an object as its readers are told it.
    ///
    /// @param value base64, of a COMPOSITE one with the number of parts behind it
    /// @param form `FULL_OBJECT` or `COMPOSITE`
    record Told(ChecksumType type, String value, String form) {
        /// Null for an object of which none is told.
        static @Nullable Told of(ObjectAttributes attributes) {
            return of(attributes.compositeChecksum(), attributes.checksums(), attributes.system());
        }

        /// As above, of the composite checksum, or null, the others and the HTTP attributes.
        static @Nullable Told of(@Nullable String composite, List<Checksum> checksums, Map<String, String> system) {
            ChecksumType algorithm = composite == null ? null : compositeType(composite);
            if (composite != null && algorithm != null) {
                return new Told(algorithm, compositeValue(composite), COMPOSITE);
            }
            return of(told(checksums, system), FULL_OBJECT);
        }

        /// As above, of a checksum itself, or null.
        static @Nullable Told of(@Nullable Checksum checksum, String form) {
            return checksum == null ? null : new Told(checksum.type(), checksum.base64(), form);
        }

        void addTo(XmlWriter xml) {
            xml.element(element(type), value).element("ChecksumType", form);
        }

        void addTo(Headers out) {
            out.add(header(type), value).add("x-amz-checksum-type", form);
        }
    }

    /// The checksum to tell of an object with these HTTP attributes, or none.
    static @Nullable Checksum told(List<Checksum> checksums, Map<String, String> system) {
        String used = system.get(ChecksumType.ATTRIBUTE);
        return told(checksums, used == null ? null : ChecksumType.find(used));
    }

    /// The checksum to tell a client that used that algorithm, or none.
    static @Nullable Checksum told(List<Checksum> checksums, @Nullable ChecksumType used) {
        for (Checksum checksum : checksums) {
            if (checksum.type() == used) {
                return checksum;
            }
        }
        return shown(checksums);
    }

    /// The first of the shown algorithms among those of these wire names, of which there are fewer; or null.
    static @Nullable ChecksumType shownOf(Collection<String> wireNames) {
        int first = SHOWN.size();
        for (String name : wireNames) {
            first = Math.min(first, PLACES.getOrDefault(name, first));
        }
        return first == SHOWN.size() ? null : SHOWN.get(first);
    }

    /// The first of the shown algorithms among the checksums, or null.
    private static @Nullable Checksum shown(List<Checksum> checksums) {
        for (ChecksumType type : SHOWN) {
            for (Checksum checksum : checksums) {
                if (checksum.type() == type) {
                    return checksum;
                }
            }
        }
        return null;
    }
}
