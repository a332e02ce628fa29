/// Merges the storage nodes' pages into one: complete, ordered, each name once.
///
/// May use `io.forebay.gateway.routing` and `io.forebay.gateway.relay`.
@NullMarked
package io.forebay.gateway.listing;

import org.jspecify.annotations.NullMarked;
