/// The native object API of a storage node: requests in, operations of the kernel and its features out.
///
/// Decides nothing about storage: it reads a request, checks that this node is the one to answer it, calls one
/// operation and renders the outcome. May use every operation package of this module, never `metadata` or `volume` for
/// writing. Called on event loops as long as `Exchange.mayWait()` is false, else on virtual threads.
@NullMarked
package io.forebay.storage.http;

import org.jspecify.annotations.NullMarked;
