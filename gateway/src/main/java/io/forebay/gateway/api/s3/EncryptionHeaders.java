package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.Encryption;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Reply;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Headers about the encryption of objects: what a client asks for, what a node is told, what is answered.
final class EncryptionHeaders {
    private static final String ASKED = "x-amz-server-side-encryption";
    private static final String KEY_ID = ASKED + "-aws-kms-key-id";
    private static final String CONTEXT = ASKED + "-context";
    private static final String BUCKET_KEY = ASKED + "-bucket-key-enabled";

    private static final List<String> OF_WRITES = List.of(ASKED, KEY_ID, CONTEXT, BUCKET_KEY);

    private final boolean plainIsSafe;

    EncryptionHeaders(S3Config config) {
        this.plainIsSafe = config.customerKeysOverHttp();
    }

    /// Says in a node's headers how a new object is to be encrypted, where the client asks for that. Throws
    /// InvalidArgument and what `CustomerKeyHeaders` throws.
    ///
    /// @param given the client's headers, or a form's fields
    void addAsked(S3Call call, Headers given, Headers node) {
        if (!areIn(given)) {
            return;
        }
        Encryption asked = asked(given);
        boolean customer = CustomerKeyHeaders.addTo(node, given, CustomerKeyHeaders.OF_OBJECT, isSafe(call));
        if (customer && asked != null) {
            throw S3Failure.invalidArgument(
                    ASKED,
                    asked.scheme().wireName(),
                    "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                            + " specified");
        }
        Encryption meant = customer ? Encryption.of(Encryption.Scheme.CUSTOMER) : asked;
        if (meant != null) {
            node.add(NodeHeaders.ENCRYPTION, meant.toString());
        }
    }

    /// Whether the client says anything of encryption: most say nothing, and then there is nothing to look for.
    static boolean areIn(Headers headers) {
        for (int index = 0; index < headers.count(); index++) {
            if (headers.name(index).regionMatches(true, 0, ASKED, 0, ASKED.length())) {
                return true;
            }
        }
        return false;
    }

    /// Whether a copy's encryption may be another than that of its source, by what the client says.
    static boolean mayChange(Headers headers) {
        return areIn(headers) || headers.contains(CustomerKeyHeaders.OF_SOURCE + "algorithm");
    }

    /// Hands the client's key, if there is one, to the node that has the upload. Throws what `CustomerKeyHeaders`
    /// throws.
    void addKey(S3Call call, Headers node) {
        Headers given = call.exchange().request().headers();
        CustomerKeyHeaders.addTo(node, given, CustomerKeyHeaders.OF_OBJECT, isSafe(call));
    }

    /// As `addKey`, of the source of a copy; whether there is one.
    boolean addSourceKey(S3Call call, Headers node) {
        Headers given = call.exchange().request().headers();
        return CustomerKeyHeaders.addTo(node, given, CustomerKeyHeaders.OF_SOURCE, isSafe(call));
    }

    /// As `addKey`, of an object that is read; whether there is one. What only a write may ask for is
    /// InvalidArgument.
    boolean addKeyToRead(S3Call call, Headers node) {
        Headers given = call.exchange().request().headers();
        if (!areIn(given)) {
            return false;
        }
        for (String name : OF_WRITES) {
            String value = given.find(name);
            if (value != null) {
                throw S3Failure.invalidArgument(name, value, name + " header is not supported for this operation.");
            }
        }
        return CustomerKeyHeaders.addTo(node, given, CustomerKeyHeaders.OF_OBJECT, isSafe(call));
    }

    /// Holds a node's answer to a read to the key that it was sent: there is one iff the object is encrypted by a
    /// client's. Throws InvalidRequest, and closes the answer then.
    static void check(boolean keyed, Reply node) {
        String encryption = node.headers().find(NodeHeaders.ENCRYPTION);
        boolean needed = encryption != null && encryption.equals(Encryption.Scheme.CUSTOMER.wireName());
        if (needed == keyed) {
            return;
        }
        node.payload().close();
        throw new S3Failure(
                S3Error.INVALID_REQUEST,
                needed
                        ? "The object was stored using a form of Server Side Encryption. The correct parameters must be"
                                + " provided to retrieve the object."
                        : "The encryption parameters are not applicable to this object.");
    }

    /// Tells how an object is encrypted.
    ///
    /// @param node what a node said of it, or null
    /// @param given the client's headers, or a form's fields
    static void tell(@Nullable String node, Headers given, Headers out) {
        if (node == null) {
            return;
        }
        Encryption encryption = Encryption.parse(node);
        if (encryption.scheme() == Encryption.Scheme.CUSTOMER) {
            CustomerKeyHeaders.tell(given, out);
            return;
        }
        out.add(ASKED, encryption.scheme().wireName());
        if (!encryption.keyId().isEmpty()) {
            out.add(KEY_ID, encryption.keyId());
        }
        if (encryption.bucketKey()) {
            out.add(BUCKET_KEY, "true");
        }
    }

    private boolean isSafe(S3Call call) {
        return plainIsSafe || call.exchange().secure();
    }

    private static @Nullable Encryption asked(Headers given) {
        String name = given.find(ASKED);
        String keyId = given.find(KEY_ID);
        String context = given.find(CONTEXT);
        Encryption.Scheme scheme = name == null ? null : scheme(name.strip());
        if (scheme != Encryption.Scheme.KMS && (keyId != null || context != null)) {
            throw S3Failure.invalidArgument(
                    keyId != null ? KEY_ID : CONTEXT,
                    keyId != null ? keyId : String.valueOf(context),
                    "The header is valid only with " + ASKED + ": " + Encryption.Scheme.KMS.wireName());
        }
        if (scheme == null) {
            return null;
        }
        checkContext(context);
        boolean bucketKey = "true".equalsIgnoreCase(given.find(BUCKET_KEY, "").strip());
        try {
            return new Encryption(
                    scheme,
                    keyId == null ? "" : keyId.strip(),
                    context == null ? "" : context.strip(),
                    bucketKey && scheme == Encryption.Scheme.KMS);
        } catch (StoreException e) {
            throw S3Failure.invalidArgument(KEY_ID, String.valueOf(keyId), e.text());
        }
    }

    private static Encryption.Scheme scheme(String name) {
        if (name.equals(Encryption.Scheme.AES256.wireName())) {
            return Encryption.Scheme.AES256;
        }
        if (name.equals(Encryption.Scheme.KMS.wireName())) {
            return Encryption.Scheme.KMS;
        }
        throw S3Failure.invalidArgument(ASKED, name, "The encryption method specified is not supported");
    }

    /// Base64 of a JSON object of texts.
    private static void checkContext(@Nullable String context) {
        if (context == null) {
            return;
        }
        try {
            byte[] json = Base64.getDecoder().decode(context.strip());
            Map<?, ?> values = WireJson.read(json, Map.class);
            if (values.values().stream().allMatch(String.class::isInstance)) {
                return;
            }
        } catch (IllegalArgumentException | StoreException e) {
            throw badContext(context);
        }
        throw badContext(context);
    }

    private static S3Failure badContext(String context) {
        return S3Failure.invalidArgument(
                CONTEXT, context, "The header must be base64 of a JSON object whose values are strings.");
    }
}
