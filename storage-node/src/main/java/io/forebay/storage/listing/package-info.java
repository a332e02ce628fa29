/// One page of one bucket of this node: prefix, delimiter and continuation by skipping through the index.
///
/// May use `object`, `peer` and `metadata`. A page is read on the caller's thread, which may wait.
@NullMarked
package io.forebay.storage.listing;

import org.jspecify.annotations.NullMarked;
