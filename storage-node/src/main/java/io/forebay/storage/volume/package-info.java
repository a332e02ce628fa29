/// Disks: segments, write-once files, group commit, slices, space, health.
///
/// May use no other package of this module. Bytes travel as `ByteBuffer`s and `FileSlice`s; log records are opaque
/// here beyond their frame.
@NullMarked
package io.forebay.storage.volume;

import org.jspecify.annotations.NullMarked;
