/// The data-port engine: an HTTP/1.1 server and client on Netty, with a lean codec of its own.
///
/// May use `io.forebay.protocol.http` and `common`. Each connection belongs to one event loop: what the loop owns
/// is touched there only, and handlers that wait run on virtual threads. Buffers have one owner, stated where
/// they pass.
@NullMarked
package io.forebay.protocol.http.netty;

import org.jspecify.annotations.NullMarked;
