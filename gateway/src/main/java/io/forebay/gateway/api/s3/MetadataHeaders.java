package io.forebay.gateway.api.s3;

import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.http.Headers;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a request says of an object beside its bytes, from S3's headers to the node's.
final class MetadataHeaders {
    private static final String USER_PREFIX = "x-amz-meta-";

    private MetadataHeaders() {}

    /// Adds system and user metadata of the request. Throws MetadataTooLarge, and NotImplemented for what would be
    /// promised and not kept.
    static void add(Headers request, S3Config config, Headers node) {
        Map<String, String> system = new TreeMap<>();
        Map<String, String> user = new TreeMap<>();
        long userBytes = 0;
        for (int index = 0; index < request.count(); index++) {
            String name = request.name(index).toLowerCase(Locale.ROOT);
            String value = request.value(index);
            if (name.startsWith(USER_PREFIX)) {
                String key = name.substring(USER_PREFIX.length());
                userBytes += key.length() + value.length();
                if (!key.isEmpty()) {
                    user.merge(key, HeaderText.toStored(value), (first, second) -> first + "," + second);
                }
            } else {
                addSystem(name, value, system);
            }
        }
        if (userBytes > config.maxUserMetadata().bytes()) {
            throw new S3Failure(
                    S3Error.METADATA_TOO_LARGE,
                    S3Error.METADATA_TOO_LARGE.message(),
                    Map.of(
                            "Size",
                            Long.toString(userBytes),
                            "MaxSizeAllowed",
                            Long.toString(config.maxUserMetadata().bytes())));
        }
        AttributeHeaders.writeSystem(system, node);
        AttributeHeaders.writeCustom(user, node);
    }

    private static void addSystem(String name, String value, Map<String, String> system) {
        switch (name) {
            case "cache-control",
                    "content-disposition",
                    "content-language",
                    "content-type",
                    "expires",
                    "x-amz-website-redirect-location" -> put(name, value, system);
            case "content-encoding" -> put(name, withoutFraming(value), system);
            case "x-amz-storage-class" -> checkStorageClass(value);
            default -> {
                // Not an attribute of the object.
            }
        }
    }

    private static void put(String name, String value, Map<String, String> system) {
        if (!value.isBlank()) {
            system.put(name, HeaderText.toStored(value.strip()));
        }
    }

    /// `aws-chunked` describes the request's body, not the object.
    private static String withoutFraming(String value) {
        if (!value.contains("aws-chunked")) {
            return value;
        }
        StringBuilder kept = new StringBuilder(value.length());
        for (int from = 0; from <= value.length(); ) {
            int end = value.indexOf(',', from);
            end = end < 0 ? value.length() : end;
            String coding = value.substring(from, end).strip();
            if (!coding.isEmpty() && !coding.equalsIgnoreCase("aws-chunked")) {
                kept.append(kept.isEmpty() ? "" : ", ").append(coding);
            }
            from = end + 1;
        }
        return kept.toString();
    }

    /// There is one class of storage; the other one that S3 calls its own old default is taken for it.
    private static void checkStorageClass(String value) {
        if (!value.equals("STANDARD") && !value.equals("REDUCED_REDUNDANCY")) {
            throw new S3Failure(
                    S3Error.INVALID_STORAGE_CLASS,
                    S3Error.INVALID_STORAGE_CLASS.message(),
                    Map.of("StorageClassRequested", value));
        }
    }
}
