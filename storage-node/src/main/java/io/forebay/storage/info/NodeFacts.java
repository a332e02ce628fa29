package io.forebay.storage.info;

import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.util.function.Supplier;

/// What a storage node knows of itself besides the cluster state.
///
/// @param version of Forebay
/// @param log the newest lines of the process's log
/// @param ticker measures how long it runs
public record NodeFacts(NodeId id, String version, Supplier<String> log, Ticker ticker) {}
