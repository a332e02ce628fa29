/// Micro benchmarks, load, scenarios against peers, and their recorded results.
@NullMarked
package io.forebay.bench;

import org.jspecify.annotations.NullMarked;
