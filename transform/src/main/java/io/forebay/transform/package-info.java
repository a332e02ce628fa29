/// Streams in, streams out: what knows formats, and nothing of clusters and nodes.
@NullMarked
package io.forebay.transform;

import org.jspecify.annotations.NullMarked;
