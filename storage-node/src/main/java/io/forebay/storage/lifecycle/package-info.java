/// Follows the lifecycle rules of buckets: ends the objects and uploads of this node whose time has come.
///
/// Each node does so for the keys of which it is the primary, by the kernel's ordinary changes. May use `object`,
/// `peer` and `metadata`.
@NullMarked
package io.forebay.storage.lifecycle;

import org.jspecify.annotations.NullMarked;
