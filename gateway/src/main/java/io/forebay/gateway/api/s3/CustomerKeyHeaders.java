package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.CustomerKey;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The three headers by which a client sends a key of its own (SSE-C): algorithm, key, and the key's MD5.
///
/// A key is never part of a message.
final class CustomerKeyHeaders {
    /// What the headers of the object that is meant begin with.
    static final String OF_OBJECT = "x-amz-server-side-encryption-customer-";

    /// What those of the source of a copy begin with.
    static final String OF_SOURCE = "x-amz-copy-source-server-side-encryption-customer-";

    private static final String ALGORITHM = "algorithm";
    private static final String KEY = "key";
    private static final String MD5 = "key-MD5";
    private static final String ONLY_ALGORITHM = "AES256";
    private static final String WITH_KEYS =
            "Requests specifying Server Side Encryption with Customer provided keys must ";

    private CustomerKeyHeaders() {}

    /// Hands the key of a request, if there is one, to the node that it is for. Throws InvalidArgument,
    /// InvalidEncryptionAlgorithmError, and InvalidRequest for a key that came in the open.
    ///
    /// @param prefix `OF_OBJECT` or `OF_SOURCE`
    /// @param safe whether a key may come over the connection
    /// @return whether there is one
    static boolean addTo(Headers node, Headers request, String prefix, boolean safe) {
        CustomerKey key = key(request, prefix, safe);
        if (key != null) {
            node.add(NodeHeaders.CUSTOMER_KEY, key.base64());
        }
        return key != null;
    }

    /// Tells which key an object is encrypted by, in the words of the request that it came with.
    static void tell(Headers request, Headers out) {
        String md5 = request.find(OF_OBJECT + MD5);
        if (md5 != null) {
            out.add(OF_OBJECT + ALGORITHM, ONLY_ALGORITHM).add(OF_OBJECT + MD5, md5);
        }
    }

    private static @Nullable CustomerKey key(Headers request, String prefix, boolean safe) {
        String algorithm = request.find(prefix + ALGORITHM);
        String text = request.find(prefix + KEY);
        String md5 = request.find(prefix + MD5);
        if (algorithm == null && text == null && md5 == null) {
            return null;
        }
        if (!safe) {
            throw new S3Failure(S3Error.INVALID_REQUEST, WITH_KEYS + "be made over a secure connection.");
        }
        if (algorithm == null) {
            throw missing(prefix + ALGORITHM, "provide a valid encryption algorithm.");
        }
        if (!algorithm.strip().equals(ONLY_ALGORITHM)) {
            throw new S3Failure(
                    S3Error.INVALID_ENCRYPTION_ALGORITHM,
                    S3Error.INVALID_ENCRYPTION_ALGORITHM.message(),
                    Map.of("ArgumentName", prefix + ALGORITHM, "ArgumentValue", algorithm));
        }
        if (text == null) {
            throw missing(prefix + KEY, "provide an appropriate secret key.");
        }
        if (md5 == null) {
            throw missing(prefix + MD5, "provide the client calculated MD5 of the secret key.");
        }
        return verified(prefix, text.strip(), md5.strip());
    }

    private static CustomerKey verified(String prefix, String text, String md5) {
        CustomerKey key;
        try {
            key = CustomerKey.parse(text);
        } catch (StoreException e) {
            throw missing(prefix + KEY, "provide a secret key that is valid for the specified algorithm.");
        }
        Checksummer checksummer = Checksummers.of(ChecksumType.MD5);
        checksummer.update(ByteBuffer.wrap(key.bytes()));
        if (!checksummer.finish().base64().equals(md5)) {
            throw new S3Failure(
                    S3Error.INVALID_ARGUMENT,
                    "The calculated MD5 hash of the key did not match the hash that was provided.",
                    Map.of("ArgumentName", prefix + MD5));
        }
        return key;
    }

    private static S3Failure missing(String header, String what) {
        return new S3Failure(S3Error.INVALID_ARGUMENT, WITH_KEYS + what, Map.of("ArgumentName", header));
    }
}
