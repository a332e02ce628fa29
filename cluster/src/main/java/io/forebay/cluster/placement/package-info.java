/// Which node owns an object under a cluster map: AIStore-compatible rendezvous hashing, pure.
///
/// May use `io.forebay.cluster.state`.
@NullMarked
package io.forebay.cluster.placement;

import org.jspecify.annotations.NullMarked;
