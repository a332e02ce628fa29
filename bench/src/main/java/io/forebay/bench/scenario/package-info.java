/// Scenarios: a Forebay server against a peer or a floor in the same run, on the same files, in alternating runs.
///
/// May use `io.forebay.bench.load`. On a shared machine only ratios inside one pair of runs mean anything, so a
/// scenario reports those, as median and range.
@NullMarked
package io.forebay.bench.scenario;

import org.jspecify.annotations.NullMarked;
