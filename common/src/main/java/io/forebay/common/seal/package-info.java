/// Keys derived from a cluster's master keys, and the encryption of what is short: secrets, tokens and other keys.
///
/// May use `config` and `error`.
@NullMarked
package io.forebay.common.seal;

import org.jspecify.annotations.NullMarked;
