/// Storage nodes in one process whose owners, links and disks a seed changes while clients are at work, and whether
/// what the clients saw can have been right.
///
/// Nodes, stores, placement, the cluster state and the decisions of the supervisor are the real ones. Simulated are the
/// clock of leases, the network between nodes, and that a gateway routes: a client asks the node that some state, not
/// always the newest, makes the primary.
@NullMarked
package io.forebay.system.owners;

import org.jspecify.annotations.NullMarked;
