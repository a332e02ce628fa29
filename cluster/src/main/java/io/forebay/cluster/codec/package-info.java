/// The cluster state and commands as bytes, the same in the log, in snapshots and between nodes.
///
/// May use `io.forebay.cluster.state`. The only package of this module that knows Jackson, and of it only the streaming
/// parser and generator: in a cold JVM, binding to records took seven times as long.
@NullMarked
package io.forebay.cluster.codec;

import org.jspecify.annotations.NullMarked;
