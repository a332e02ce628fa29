/// Settings as immutable records: bound from text, refusing what is unknown or wrong with a sentence that says why.
///
/// May use `io.forebay.common.error`. All types are safe to share between threads.
@NullMarked
package io.forebay.common.config;

import org.jspecify.annotations.NullMarked;
