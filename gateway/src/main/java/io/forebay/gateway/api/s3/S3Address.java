package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.VirtualHosts;
import io.forebay.protocol.http.PercentCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request is about: the service (no bucket), a bucket (no key), or an object.
///
/// Nothing is normalised: `a//b`, `/a`, `.` and `..` are keys like any other.
///
/// @param bucket empty for the service
/// @param key empty for a bucket
record S3Address(String bucket, String key) {

    /// Reads path style, or virtual-host style when the host is below one of the domains. Throws InvalidURI when the
    /// path cannot be decoded.
    static S3Address of(@Nullable String host, String rawPath, List<String> domains) {
        if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
            throw new S3Failure(S3Error.INVALID_URI);
        }
        String hosted = host == null ? "" : VirtualHosts.bucket(host, domains);
        if (!hosted.isEmpty()) {
            return new S3Address(hosted, decode(rawPath.substring(1)));
        }
        int slash = rawPath.indexOf('/', 1);
        if (slash < 0) {
            return new S3Address(decode(rawPath.substring(1)), "");
        }
        return new S3Address(decode(rawPath.substring(1, slash)), decode(rawPath.substring(slash + 1)));
    }

    /// Throws KeyTooLongError.
    static void checkKey(String key, int maxBytes) {
        if (key.length() > maxBytes
                || (key.length() > maxBytes / 3 && key.getBytes(StandardCharsets.UTF_8).length > maxBytes)) {
            throw new S3Failure(
                    S3Error.KEY_TOO_LONG,
                    S3Error.KEY_TOO_LONG.message(),
                    Map.of("MaxSizeAllowed", Integer.toString(maxBytes)));
        }
    }

    boolean isService() {
        return bucket.isEmpty() && key.isEmpty();
    }

    boolean isBucket() {
        return key.isEmpty() && !bucket.isEmpty();
    }

    private static String decode(String raw) {
        try {
            return PercentCode.decode(raw);
        } catch (StoreException e) {
            throw new S3Failure(S3Error.INVALID_URI);
        }
    }
}
