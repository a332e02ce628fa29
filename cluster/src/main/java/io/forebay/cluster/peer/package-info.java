/// Calls between the gateways of a cluster at their control ports, each with the cluster's secret and a
/// deadline.
///
/// Knows no consensus: who is called about what is decided by its callers.
@NullMarked
package io.forebay.cluster.peer;

import org.jspecify.annotations.NullMarked;
