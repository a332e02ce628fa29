/// Sends an object to, or asks one from, another storage node.
///
/// Decides which keys this node may serve and change as owners change (`Fence`), finds the newest value of a
/// key among those that may have it (`Consult`), and keeps the copies of a key in step (`Replicas`). May use
/// `object` and `metadata`; calls other nodes by `io.forebay.protocol.client` alone.
@NullMarked
package io.forebay.storage.peer;

import org.jspecify.annotations.NullMarked;
