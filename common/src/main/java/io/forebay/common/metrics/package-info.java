/// Counters, gauges and histograms declared as catalogues, and their Prometheus text.
///
/// May use `io.forebay.common.time`. Updating a metric never blocks and never allocates.
@NullMarked
package io.forebay.common.metrics;

import org.jspecify.annotations.NullMarked;
