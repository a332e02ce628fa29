package io.forebay.protocol.sigv4;

import java.util.Map;

/// Carries a refusal out of the reading and checking of one request; never leaves this package.
final class RefusedSignature extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SignatureRefusal refusal;

    RefusedSignature(SignatureFault fault, String message) {
        this(fault, message, Map.of());
    }

    RefusedSignature(SignatureFault fault, String message, Map<String, String> details) {
        super(message, null, false, false);
        this.refusal = new SignatureRefusal(fault, message, details);
    }

    SignatureRefusal refusal() {
        return refusal;
    }
}
