package io.forebay.gateway.auth.policy;

import java.util.List;

/// What a request says of itself and of what it is about, by condition key.
@FunctionalInterface
public interface RequestContext {
    /// The values of a key, which is in lower case (`aws:sourceip`, `s3:existingobjecttag/team`); empty when the
    /// request
    /// has none.
    List<String> values(String key);
}
