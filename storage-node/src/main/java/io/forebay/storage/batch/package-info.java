/// Many objects and samples in their order as one stream (AIStore's GetBatch): reads ahead within a bound of
/// memory, and goes on where an object is now when its node has left.
///
/// May use nothing of the node's but what gives it the objects (`ItemReader`). Threads: whoever reads the
/// stream, and virtual threads that ask other nodes.
@NullMarked
package io.forebay.storage.batch;

import org.jspecify.annotations.NullMarked;
