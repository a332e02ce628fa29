package io.forebay.common.model;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Locale;

/// How an object is encrypted where it is stored, as whoever writes it asks for it, or its bucket by default.
///
/// Text form: the scheme's name, then what else there is, each behind a `;`: `key=ID`, `context=TEXT`, `bucket-key`.
///
/// @param keyId names the key of `aws:kms`; empty for the one that is taken when none is named
/// @param context base64 of a JSON object that the object's key is bound to; empty for none
/// @param bucketKey whether S3's bucket keys were asked for: it is remembered, and means nothing else
public record Encryption(Scheme scheme, String keyId, String context, boolean bucketKey) {
    private static final String KEY = "key=";
    private static final String CONTEXT = "context=";
    private static final String BUCKET_KEY = "bucket-key";
    private static final int MAX_CHARS = 2048;

    /// Whose key protects the key of an object.
    public enum Scheme {
        /// The cluster's: S3's SSE-S3.
        AES256("AES256"),
        /// One that has a name: S3's SSE-KMS.
        KMS("aws:kms"),
        /// The client's, which it sends with each request: S3's SSE-C.
        CUSTOMER("customer");

        private final String wireName;

        Scheme(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        private static Scheme of(String name) {
            for (Scheme scheme : values()) {
                if (scheme.wireName.equals(name)) {
                    return scheme;
                }
            }
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "unknown encryption \"" + name + "\"");
        }
    }

    public Encryption {
        boolean named = scheme == Scheme.KMS;
        Check.argument(
                named || (keyId.isEmpty() && context.isEmpty()),
                "encryption %s names a key or a context",
                scheme.wireName());
        check("key id", keyId);
        check("context", context);
    }

    /// A scheme and nothing else.
    public static Encryption of(Scheme scheme) {
        return new Encryption(scheme, "", "", false);
    }

    /// Reads a text form. Throws INVALID_ARGUMENT.
    public static Encryption parse(String text) {
        String[] fields = text.split(";", -1);
        String keyId = "";
        String context = "";
        boolean bucketKey = false;
        for (int index = 1; index < fields.length; index++) {
            String field = fields[index];
            if (field.startsWith(KEY)) {
                keyId = field.substring(KEY.length());
            } else if (field.startsWith(CONTEXT)) {
                context = field.substring(CONTEXT.length());
            } else {
                Check.argument(field.equals(BUCKET_KEY), "invalid encryption \"%s\"", text);
                bucketKey = true;
            }
        }
        return new Encryption(Scheme.of(fields[0]), keyId, context, bucketKey);
    }

    /// The same with another key id.
    public Encryption withKeyId(String next) {
        return new Encryption(scheme, next, context, bucketKey);
    }

    /// The text form.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme.wireName());
        if (!keyId.isEmpty()) {
            text.append(';').append(KEY).append(keyId);
        }
        if (!context.isEmpty()) {
            text.append(';').append(CONTEXT).append(context);
        }
        return bucketKey ? text.append(';').append(BUCKET_KEY).toString() : text.toString();
    }

    private static void check(String what, String text) {
        Check.argument(text.length() <= MAX_CHARS, "%s of an encryption has more than %s characters", what, MAX_CHARS);
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            Check.argument(
                    c > ' ' && c < 0x7F && c != ';',
                    "%s of an encryption has the character %s",
                    what,
                    String.format(Locale.ROOT, "0x%02x", (int) c));
        }
    }
}
