/// Zip: its central directory walked in bounded memory, and archives written in one pass.
@NullMarked
package io.forebay.transform.archive.zip;

import org.jspecify.annotations.NullMarked;
