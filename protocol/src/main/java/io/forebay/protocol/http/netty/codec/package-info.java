/// HTTP/1.1 as bytes: finds, reads and writes heads and the framing of bodies, strictly, with no connection in
/// sight.
///
/// May use `io.forebay.protocol.http`. Parsers and writers are for one event loop each.
@NullMarked
package io.forebay.protocol.http.netty.codec;

import org.jspecify.annotations.NullMarked;
