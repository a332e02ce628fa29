package io.forebay.common.seal;

import io.forebay.common.config.Secret;
import java.util.ArrayList;
import java.util.List;

/// The master key of a cluster, and others that were it before or are it elsewhere: what is sealed under keys derived
/// from them can be opened.
///
/// @param current from which keys that seal are derived
/// @param others from which further ones are that open
public record MasterKeys(Secret current, List<Secret> others) {
    public MasterKeys {
        others = List.copyOf(others);
    }

    /// A cluster's that has one only.
    public static MasterKeys of(String key) {
        return new MasterKeys(new Secret(key), List.of());
    }

    /// The keys for a purpose: what is sealed for one cannot be opened for another.
    public SealKeys derive(String purpose) {
        List<SealKeys.Known> known = new ArrayList<>(1 + others.size());
        known.add(SealKeys.Known.of(current, purpose));
        others.forEach(key -> known.add(SealKeys.Known.of(key, purpose)));
        return new SealKeys(known);
    }
}
