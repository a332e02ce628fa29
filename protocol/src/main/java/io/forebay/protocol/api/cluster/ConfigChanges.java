package io.forebay.protocol.api.cluster;

import java.util.Map;

/// What an order to change the configuration comes to here, by our keys and in our values.
///
/// @param running settings that count at once, at single nodes too
/// @param clusterWide settings that all nodes must have alike
/// @param bucketDefaults what properties of new buckets are by default
public record ConfigChanges(
        Map<String, String> running, Map<String, String> clusterWide, Map<String, String> bucketDefaults) {
    public ConfigChanges {
        running = Map.copyOf(running);
        clusterWide = Map.copyOf(clusterWide);
        bucketDefaults = Map.copyOf(bucketDefaults);
    }
}
