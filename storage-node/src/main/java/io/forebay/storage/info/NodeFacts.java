package io.forebay.storage.info;

import io.forebay.cluster.process.RunningProcess;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;

/// What a storage node knows of itself besides the cluster state.
///
/// @param version of Forebay
/// @param process that the node runs in
/// @param ticker measures how long it runs
public record NodeFacts(NodeId id, String version, RunningProcess process, Ticker ticker) {}
