/// Calls any node, in this process or another, with deadline, retry rule and request id.
///
/// May use `io.forebay.protocol.api` and `io.forebay.protocol.http`.
@NullMarked
package io.forebay.protocol.client;

import org.jspecify.annotations.NullMarked;
