/// Gzip and LZ4 frames: unpacked as their bytes arrive, with the places where unpacking can begin again, and
/// packed.
@NullMarked
package io.forebay.transform.archive.packed;

import org.jspecify.annotations.NullMarked;
