/// Passes a request to the storage node that has to answer it, body and reply without a copy.
///
/// May use `io.forebay.gateway.routing`.
@NullMarked
package io.forebay.gateway.relay;

import org.jspecify.annotations.NullMarked;
