/// An always-current cluster state for those who only read it, and the leases by which they may act on it.
///
/// May use `io.forebay.cluster.state` and `io.forebay.cluster.codec`. Whatever waits here waits by the
/// seams of `io.forebay.common.time`.
@NullMarked
package io.forebay.cluster.watch;

import org.jspecify.annotations.NullMarked;
