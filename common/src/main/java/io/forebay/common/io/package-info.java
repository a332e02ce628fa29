/// Bytes by `ByteBuffer`: sources, sinks, slices of files and checksums, with the owner always stated.
///
/// May use `io.forebay.common.error` and `io.forebay.common.model`.
@NullMarked
package io.forebay.common.io;

import org.jspecify.annotations.NullMarked;
