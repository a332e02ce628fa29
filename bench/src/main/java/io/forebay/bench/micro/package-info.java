/// JMH benchmarks of what every request passes through. What one operation allocates is a promise that the runner
/// checks; how long it takes is only reported.
///
/// Uses of Forebay what any other module could: no benchmark has a door of its own.
@NullMarked
package io.forebay.bench.micro;

import org.jspecify.annotations.NullMarked;
