package io.forebay.protocol.api.cluster;

import java.util.Map;
import java.util.function.UnaryOperator;

/// The settings that a configuration shows.
///
/// @param settings the value of a setting of ours in force, by key; empty for one that is not known
/// @param bucketDefaults what properties of new buckets are by default, where that was set
public record ConfigValues(UnaryOperator<String> settings, Map<String, String> bucketDefaults) {
    public ConfigValues {
        bucketDefaults = Map.copyOf(bucketDefaults);
    }
}
