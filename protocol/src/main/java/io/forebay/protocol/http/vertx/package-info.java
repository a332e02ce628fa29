/// The control-port engine: an HTTP server on Vert.x for messages, which are held in memory, never object bytes.
///
/// May use `io.forebay.protocol.http` and `common`. Every handler runs on a virtual thread of its own, so that
/// many wait side by side; Vert.x's event loop only moves bytes.
@NullMarked
package io.forebay.protocol.http.vertx;

import org.jspecify.annotations.NullMarked;
