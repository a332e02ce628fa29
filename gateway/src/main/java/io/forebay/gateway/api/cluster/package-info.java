/// The AIStore face of the cluster: health, map, node and cluster queries, jobs, and what is not offered of them.
///
/// May use `io.forebay.gateway.core` and `io.forebay.gateway.auth`.
@NullMarked
package io.forebay.gateway.api.cluster;

import org.jspecify.annotations.NullMarked;
