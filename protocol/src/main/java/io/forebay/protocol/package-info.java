/// The wire: HTTP as values and streams, its engines, API messages and the client of a node.
@NullMarked
package io.forebay.protocol;

import org.jspecify.annotations.NullMarked;
