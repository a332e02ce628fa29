package io.forebay.protocol.sigv4;

import java.time.Instant;
import java.util.List;

/// What a request says about its own signature, read but not checked.
///
/// @param presigned whether it stands in the query rather than in the `Authorization` header
/// @param signedHeaders lower-case names in the order given
/// @param signature the hex that was sent
/// @param time when the client signed
/// @param expiresSeconds how long a presigned request is good for; 0 otherwise
record RequestSignature(
        boolean presigned,
        CredentialScope scope,
        List<String> signedHeaders,
        String signature,
        Instant time,
        long expiresSeconds) {

    String stringToSign(String canonicalRequest) {
        return "AWS4-HMAC-SHA256\n" + timestamp() + "\n" + scope.text() + "\n" + Digests.sha256Hex(canonicalRequest);
    }

    String timestamp() {
        return AmzTime.basic(time);
    }
}
