package io.forebay.gateway.api.s3;

import java.util.Map;

/// A refusal in S3's own terms, from a rule of this face; never leaves the package. What the core refuses stays a
/// StoreException until the error table turns it into this.
final class S3Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final S3Error error;
    private final String text;
    private final transient Map<String, String> details;
    private final transient Map<String, String> headers;

    S3Failure(S3Error error) {
        this(error, error.message());
    }

    S3Failure(S3Error error, String message) {
        this(error, message, Map.of());
    }

    /// @param details elements beside the message, by name
    S3Failure(S3Error error, String message, Map<String, String> details) {
        this(error, message, details, Map.of());
    }

    private S3Failure(S3Error error, String message, Map<String, String> details, Map<String, String> headers) {
        super(message, null, false, false);
        this.error = error;
        this.text = message;
        this.details = details;
        this.headers = headers;
    }

    /// The same with headers beside those that every answer has.
    S3Failure with(Map<String, String> more) {
        return new S3Failure(error, text, details, more);
    }

    static S3Failure invalidArgument(String name, String value, String message) {
        return new S3Failure(S3Error.INVALID_ARGUMENT, message, Map.of("ArgumentName", name, "ArgumentValue", value));
    }

    static S3Failure notImplemented(String what) {
        return new S3Failure(
                S3Error.NOT_IMPLEMENTED,
                "A header or parameter you provided implies functionality that is not implemented: " + what);
    }

    S3Error error() {
        return error;
    }

    String text() {
        return text;
    }

    Map<String, String> details() {
        return details;
    }

    Map<String, String> headers() {
        return headers;
    }
}
