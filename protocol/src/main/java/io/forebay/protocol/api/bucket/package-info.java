/// AIStore's bucket messages: properties, access bits, listings and summaries, with the text forms that they use.
///
/// May use `io.forebay.protocol.api`.
@NullMarked
package io.forebay.protocol.api.bucket;

import org.jspecify.annotations.NullMarked;
