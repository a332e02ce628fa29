/// Brings every object to the nodes that hold it under the newest owners, and takes away what they replace.
///
/// May use `object`, `peer` and `metadata`.
@NullMarked
package io.forebay.storage.rebalance;

import org.jspecify.annotations.NullMarked;
