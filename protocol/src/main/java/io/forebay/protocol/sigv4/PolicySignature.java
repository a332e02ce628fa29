package io.forebay.protocol.sigv4;

import org.jspecify.annotations.Nullable;

/// The signature of a form's policy (browser-based uploads with POST), as its fields have it.
///
/// @param policy in base64, which is the text that is signed
/// @param algorithm `AWS4-HMAC-SHA256`, or `AWS` for version 2
/// @param credential `accessKey/yyyymmdd/region/s3/aws4_request`; of version 2 the access key alone
/// @param date in the basic form, of the credential's day; of version 2 empty
/// @param signature in hex; of version 2 in base64
/// @param token of temporary credentials, or null
public record PolicySignature(
        String policy,
        String algorithm,
        String credential,
        String date,
        String signature,
        @Nullable String token) {}
