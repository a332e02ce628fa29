/// A cluster under test, with faults, and the suites that need one.
@NullMarked
package io.forebay.system;

import org.jspecify.annotations.NullMarked;
