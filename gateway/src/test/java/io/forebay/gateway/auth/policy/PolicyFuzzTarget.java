package io.forebay.gateway.auth.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// Policies as JSON: one that is taken decides on every request, the same again; every other one is refused with a
/// reason.
public final class PolicyFuzzTarget {
    private static final RequestContext CONTEXT = key -> switch (key) {
        case "aws:sourceip" -> List.of("192.0.2.7");
        case "aws:securetransport" -> List.of("true");
        case "aws:currenttime" -> List.of("2026-03-04T05:06:07Z");
        case "s3:prefix" -> List.of("a/b");
        case "aws:username" -> List.of("ann");
        default -> List.of();
    };
    private static final List<PolicyRequest> REQUESTS = List.of(
            new PolicyRequest(Set.of(), "s3:GetObject", "arn:aws:s3:::bucket/a/b", CONTEXT),
            new PolicyRequest(
                    Set.of("ann", "arn:aws:iam:::user/ann"), "s3:PutObject", "arn:aws:s3:::bucket/ann/k", CONTEXT),
            new PolicyRequest(Set.of("bob"), "s3:ListBucket", "arn:aws:s3:::bucket", key -> List.of()));

    private PolicyFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            decide(Policy.ofBucket(text, "bucket"), true);
        } catch (MalformedPolicyException e) {
            require(e);
        }
        try {
            decide(Policy.ofHolder(text), false);
        } catch (MalformedPolicyException e) {
            require(e);
        }
    }

    private static void decide(Policy policy, boolean ofBucket) {
        Policy again = ofBucket ? Policy.ofBucket(policy.text(), "bucket") : Policy.ofHolder(policy.text());
        for (PolicyRequest request : REQUESTS) {
            if (policy.evaluate(request) != again.evaluate(request)) {
                throw new AssertionError("two decisions of " + policy.text());
            }
            policy.readsTags(request.action());
        }
        policy.isPublic();
    }

    private static void require(MalformedPolicyException refusal) {
        if (refusal.reason().isEmpty()) {
            throw new AssertionError("a refusal without a reason", refusal);
        }
    }
}
