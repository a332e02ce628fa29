/// What the nodes of a cluster agree on: state, placement and consensus.
@NullMarked
package io.forebay.cluster;

import org.jspecify.annotations.NullMarked;
