/// What can go wrong, as one closed list with a fault and a retry rule each.
///
/// Depends on nothing.
@NullMarked
package io.forebay.common.error;

import org.jspecify.annotations.NullMarked;
