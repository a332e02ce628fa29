/// What a process lets its nodes tell of it, and change while it runs: its log, the settings that count at
/// once, and what its nodes count, by AIStore's names.
///
/// May use `io.forebay.cluster.state`. Gateways and storage nodes answer with the same words by it.
@NullMarked
package io.forebay.cluster.process;

import org.jspecify.annotations.NullMarked;
