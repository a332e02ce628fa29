/// AIStore's batch messages: many objects and members of archives asked for at once, and what became of each.
///
/// May use `protocol.api`.
@NullMarked
package io.forebay.protocol.api.batch;

import org.jspecify.annotations.NullMarked;
