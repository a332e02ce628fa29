/// The log of commands as a Raft group: the only package that knows Apache Ratis.
///
/// May use `io.forebay.cluster.state`, `codec`, `watch` and `peer`. Ratis runs its own named platform
/// threads: one applies commands in order and publishes each state, one writes and syncs the log, one watches
/// for elections, and of a leader one for each follower sends. None of them calls into handlers; callers of
/// `submit` wait on their own threads.
@NullMarked
package io.forebay.cluster.raft;

import org.jspecify.annotations.NullMarked;
