package io.forebay.storage.object;

/// What one receiver is to be told of a change.
///
/// @param queue the receiver, by a name without `/`
/// @param text what it is told
public record Notice(String queue, String text) {}
