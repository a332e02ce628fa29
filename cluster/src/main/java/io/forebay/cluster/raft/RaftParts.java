package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Secret;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.HttpClient;
import java.nio.file.Path;

/// What the command log works with.
///
/// @param self this node, and where the others reach its control port
/// @param folder belongs to the log alone
/// @param http calls the other gateways
/// @param secret proves gateways to each other
/// @param state gets the states; nobody else publishes to it
public record RaftParts(Peer self, Path folder, HttpClient http, Secret secret, CurrentState state, Metrics metrics) {}
