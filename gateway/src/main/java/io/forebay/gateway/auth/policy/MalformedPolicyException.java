package io.forebay.gateway.auth.policy;

/// A document that is no policy, with the rule that it breaks.
public final class MalformedPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    MalformedPolicyException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /// A sentence for who wrote the document.
    public String reason() {
        return reason;
    }
}
