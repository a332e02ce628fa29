/// Time as collaborators: real in production, steerable in tests.
///
/// Depends on nothing.
@NullMarked
package io.forebay.common.time;

import org.jspecify.annotations.NullMarked;
