/// Messages between the control ports of a cluster's nodes: heartbeats, joining, and what the leader knows
/// of each node.
///
/// May use `io.forebay.protocol.api`. Fields that are missing have their default and unknown ones pass, so
/// that nodes of neighbouring versions understand each other.
@NullMarked
package io.forebay.protocol.api.control;

import org.jspecify.annotations.NullMarked;
