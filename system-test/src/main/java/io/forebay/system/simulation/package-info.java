/// Clusters of up to a thousand nodes on virtual time and one thread: who leads, who owns, what moves, and that it
/// converges with nothing lost, nothing served twice and nothing moved in vain.
///
/// Real are the cluster state with its commands (`ClusterState.apply`), the leader's decisions and leases
/// (`Supervision`), and placement (`Placements`: holders, runs of epochs, where else to ask, which silent nodes copies
/// make up for). Simulated are time, the network, elections, a node's fence, and the data plane: an object is a key, a
/// stamp and a number, and a call between nodes has happened at once, or not, or without its sender knowing, or late.
/// What the real data plane does with bytes and threads is `system.owners`' to find out.
@NullMarked
package io.forebay.system.simulation;

import org.jspecify.annotations.NullMarked;
