/// Clusters of real processes on one machine, and what goes wrong with them and between them: ends, pauses,
/// and links that are cut, in one direction or both, or slow.
@NullMarked
package io.forebay.system.process;

import org.jspecify.annotations.NullMarked;
