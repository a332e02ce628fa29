package io.forebay.protocol.api;

/// Asks for the verification of everything on a volume, now.
///
/// @param volume its id; empty for all volumes
public record ScrubOrder(String volume) {}
