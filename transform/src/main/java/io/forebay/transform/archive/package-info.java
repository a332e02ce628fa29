/// Archives: writes tar, tgz, zip and tar.lz4, finds their members, and reads one of them without the others
/// where the format allows that.
@NullMarked
package io.forebay.transform.archive;

import org.jspecify.annotations.NullMarked;
