package io.forebay.storage.object;

import io.forebay.storage.metadata.Stamp;

/// What became of a change that came from another node.
///
/// @param accepted whether this node has it now, or had it before
/// @param here the newest stamp that this node has of the key; `NONE` when it has nothing
public record Received(boolean accepted, Stamp here) {}
