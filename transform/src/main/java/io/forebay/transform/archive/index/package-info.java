/// The encoded index of an archive's members: sorted blocks, a table of blocks and a footer, built in bounded
/// memory.
@NullMarked
package io.forebay.transform.archive.index;

import org.jspecify.annotations.NullMarked;
