package io.forebay.gateway.auth.policy;

import java.util.Locale;
import java.util.Set;

/// What a policy is asked.
///
/// @param principals everything that policies may call the caller: its id, its name, its ARNs; none for an anonymous
///     one
/// @param action in lower case, `s3:getobject`
/// @param resource `arn:aws:s3:::bucket` or `arn:aws:s3:::bucket/key`
public record PolicyRequest(Set<String> principals, String action, String resource, RequestContext context) {
    /// What the name of every bucket and object begins with.
    public static final String ARN = "arn:aws:s3:::";

    public PolicyRequest {
        principals = Set.copyOf(principals);
        action = action.toLowerCase(Locale.ROOT);
    }
}
