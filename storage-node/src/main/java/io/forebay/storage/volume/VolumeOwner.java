package io.forebay.storage.volume;

import io.forebay.common.model.NodeId;

/// Whom a volume belongs to, forever: a volume of another cluster or node is refused.
public record VolumeOwner(String clusterId, NodeId node) {}
