package io.forebay.gateway.auth.policy;

import java.util.List;

/// A policy: statements, of which one that denies counts more than any that allow.
public final class Policy {
    /// The most bytes of a policy in UTF-8.
    public static final int MAX_BYTES = 20 * 1024;

    private final String text;
    private final List<Statement> statements;

    Policy(String text, List<Statement> statements) {
        this.text = text;
        this.statements = List.copyOf(statements);
    }

    /// Reads the policy of a bucket: every statement names its principals, and speaks of the bucket or what is in it.
    /// Throws MalformedPolicyException.
    public static Policy ofBucket(String text, String bucket) {
        return new PolicyReader(text, bucket).read();
    }

    /// Reads a policy that belongs to a user or a session, who is its only principal. Throws MalformedPolicyException.
    public static Policy ofHolder(String text) {
        return new PolicyReader(text, null).read();
    }

    /// The document as it came.
    public String text() {
        return text;
    }

    public Decision evaluate(PolicyRequest request) {
        Decision decision = Decision.NONE;
        for (Statement statement : statements) {
            if (statement.applies(request)) {
                if (statement.effect() == Effect.DENY) {
                    return Decision.DENY;
                }
                decision = Decision.ALLOW;
            }
        }
        return decision;
    }

    /// Whether what it says of the action, in lower case, can depend on the tags that an object has: the context of a
    /// request then has to know them.
    public boolean readsTags(String action) {
        for (Statement statement : statements) {
            if (statement.readsTags(action)) {
                return true;
            }
        }
        return false;
    }

    /// Whether it gives anything to everyone: S3 does not let such a policy be set, or ignores it, where public access
    /// is blocked.
    public boolean isPublic() {
        return statements.stream().anyMatch(Statement::isPublic);
    }
}
