/// An always-current cluster state for those who only read it.
///
/// May use `io.forebay.cluster.state`.
@NullMarked
package io.forebay.cluster.watch;

import org.jspecify.annotations.NullMarked;
