package io.forebay.cluster.peer;

import io.forebay.common.model.NodeId;

/// A gateway and where the others reach it.
///
/// @param controlUrl `http://host:port` of its control port
public record Peer(NodeId id, String controlUrl) {}
