/// Starting and stopping things in order, keeping every failure.
///
/// Depends on nothing.
@NullMarked
package io.forebay.common.lifecycle;

import org.jspecify.annotations.NullMarked;
