package io.forebay.cluster.placement;

/// The newest epochs, up to the serving one, that place a key on the same holders.
///
/// @param first number of the first of them: a value that was written under it or later is on these holders
/// @param isWhole whether objects of the bucket can have no other places: what its primary has is the truth
public record Run(long first, boolean isWhole) {}
