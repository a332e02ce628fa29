/// Runs fuzz targets on kept inputs and changes of them, in every build.
///
/// A target is a class with `fuzzerTestOneInput(byte[])`, which throws only when something is wrong: what a
/// coverage-guided fuzzer takes (`scripts/fuzz-readers`). Ships in the test jar of `common`; uses nothing of ours.
@NullMarked
package io.forebay.fuzz;

import org.jspecify.annotations.NullMarked;
