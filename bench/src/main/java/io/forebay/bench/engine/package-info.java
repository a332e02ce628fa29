/// The wire engine alone: a server of plain files behind the same `Exchange`, without index, routing or faces.
///
/// What it costs beside a whole Forebay says how much of a request is the wire's, and how much everything else's.
@NullMarked
package io.forebay.bench.engine;

import org.jspecify.annotations.NullMarked;
