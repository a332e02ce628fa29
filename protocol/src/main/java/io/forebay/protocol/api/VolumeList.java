package io.forebay.protocol.api;

import java.util.List;

/// The volumes of one storage node, in the order in which they were given to it.
///
/// @param node its id
public record VolumeList(String node, List<VolumeInfo> volumes) {}
