package io.forebay.storage.object;

/// One notice that waits in the outbox.
///
/// @param number that of the change, which is greater than those of the object's changes before it
/// @param keptMillis since when, in milliseconds since the epoch
public record Letter(String queue, long number, long keptMillis, String text) {}
