package io.forebay.protocol.sigv4;

/// The signature of a form's policy (browser-based uploads with POST, AWS Signature Version 4), as its fields have it.
///
/// @param policy in base64, which is the text that is signed
/// @param algorithm must be `AWS4-HMAC-SHA256`
/// @param credential `accessKey/yyyymmdd/region/s3/aws4_request`
/// @param date in the basic form, of the credential's day
/// @param signature in hex
public record PolicySignature(String policy, String algorithm, String credential, String date, String signature) {}
