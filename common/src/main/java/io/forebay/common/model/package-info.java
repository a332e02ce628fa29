/// The nouns of a Forebay cluster: validated, immutable records that both roles agree on.
///
/// Depends on nothing but `io.forebay.common.error`. All types are safe to share between threads.
@NullMarked
package io.forebay.common.model;

import org.jspecify.annotations.NullMarked;
