/// What a cluster costs and gives: relays, copies, several nodes and moves of objects, in alternating runs.
///
/// May use `io.forebay.bench.load` and `io.forebay.bench.scenario`.
@org.jspecify.annotations.NullMarked
package io.forebay.bench.cluster;
