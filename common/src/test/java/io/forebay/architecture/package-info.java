/// The rules of the architecture, for the `ArchitectureTest` of every module.
///
/// Ships in the test jar of `common`. Uses ArchUnit and nothing of ours.
@NullMarked
package io.forebay.architecture;

import org.jspecify.annotations.NullMarked;
