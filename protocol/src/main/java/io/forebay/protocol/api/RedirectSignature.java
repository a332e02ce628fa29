package io.forebay.protocol.api;

import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Proves to a storage node that a gateway admitted a client's request before redirecting it there.
///
/// The query gets `fbexp`, when the redirect ends to be valid in milliseconds since the epoch, and `fbsig`,
/// HMAC-SHA256 under the cluster's secret of method, object and that time. It covers the decoded object name,
/// since clients write the encoding of a redirect's path anew. Safe to share between threads.
public final class RedirectSignature {
    public static final String EXPIRY = "fbexp";
    public static final String SIGNATURE = "fbsig";

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac keyed;

    /// `secret` is the cluster's, the same on every node.
    public RedirectSignature(String secret) {
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    /// The raw query parameters that admit that request until `expiryMillis`.
    public String sign(Method method, ObjectKey key, long expiryMillis) {
        String expiry = Long.toString(expiryMillis);
        return EXPIRY + "=" + expiry + "&" + SIGNATURE + "=" + digest(method, key, expiry);
    }

    /// Whether the query has a signature of that request that has not expired. Compares in constant time.
    public boolean admits(Method method, ObjectKey key, Query query, long nowMillis) {
        @Nullable String expiry = query.find(EXPIRY);
        @Nullable String signature = query.find(SIGNATURE);
        if (expiry == null || signature == null || !isBefore(nowMillis, expiry)) {
            return false;
        }
        return MessageDigest.isEqual(
                digest(method, key, expiry).getBytes(StandardCharsets.ISO_8859_1),
                signature.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean isBefore(long nowMillis, String expiry) {
        try {
            return nowMillis < Long.parseLong(expiry);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String digest(Method method, ObjectKey key, String expiry) {
        try {
            Mac mac = (Mac) keyed.clone();
            String text = method.name() + "\n" + expiry + "\n" + key.uname();
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(ALGORITHM + " of this Java cannot be cloned", e);
        }
    }
}
