/// Histories of concurrent clients: what they asked a cluster for and were told, when, and whether it can have
/// been right. Each key is a register with conditional writes, and has to be linearizable; a page of a list is
/// one read of every name in its range.
///
/// Times are of one monotonic clock. What was not answered, or with a failure that says nothing, may have been
/// done at any time later, or never.
@NullMarked
package io.forebay.system.history;

import org.jspecify.annotations.NullMarked;
