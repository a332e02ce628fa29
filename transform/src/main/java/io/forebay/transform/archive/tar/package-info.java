/// Tar, block by block: headers read and written, with the PAX and GNU forms of what does not fit into them.
@NullMarked
package io.forebay.transform.archive.tar;

import org.jspecify.annotations.NullMarked;
