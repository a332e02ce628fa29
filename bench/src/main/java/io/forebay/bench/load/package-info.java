/// A load generator for HTTP servers: many connections on one thread, closed or open loop, latencies in a histogram.
///
/// Uses of Forebay's code only what names and signs requests. What it is given to send it sends as it is.
@NullMarked
package io.forebay.bench.load;

import org.jspecify.annotations.NullMarked;
