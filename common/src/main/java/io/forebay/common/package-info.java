/// The nouns and rules that both sides of every connection agree on.
@NullMarked
package io.forebay.common;

import org.jspecify.annotations.NullMarked;
