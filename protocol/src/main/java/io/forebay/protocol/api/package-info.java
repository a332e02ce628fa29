/// The wire names and messages of the AIStore API, and Forebay's own headers between its nodes.
///
/// May use `io.forebay.protocol.http`. AIStore's words (proxy, target, mountpath) live here and in the faces only.
@NullMarked
package io.forebay.protocol.api;

import org.jspecify.annotations.NullMarked;
