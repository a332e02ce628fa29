package io.forebay.protocol.sigv4;

import java.util.Map;

/// Why a signature is refused: the fault, a sentence for the client, and details by the element name that S3 shows
/// them under. Never contains a secret or a signature that would have been right.
public record SignatureRefusal(SignatureFault fault, String message, Map<String, String> details) {
    public SignatureRefusal(SignatureFault fault, String message) {
        this(fault, message, Map.of());
    }
}
