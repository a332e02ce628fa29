/// The AIStore face of objects and buckets: objects are answered by their owner, in this process or by a redirect.
///
/// May use `io.forebay.gateway.core` and `io.forebay.gateway.auth`.
@NullMarked
package io.forebay.gateway.api.object;

import org.jspecify.annotations.NullMarked;
